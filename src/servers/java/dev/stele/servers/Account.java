package dev.stele.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Whose rights PostgreSQL runs with: it refuses root.
 *
 * @param prefix the words before the command
 * @param ownsFolders whether the folders must be given to {@link #NOBODY} first
 */
record Account(List<String> prefix, boolean ownsFolders) {

    /** The user and the group "nobody" by number: the group's name differs between systems. */
    private static final String NOBODY = "65534";

    private static final Account SELF = new Account(List.of(), false);

    /** In a user namespace of its own root is nobody special, and yet owns its files. */
    private static final Account UNPRIVILEGED_ROOT = new Account(List.of("unshare", "-U"), false);

    private static final Account OTHER_USER =
            new Account(
                    List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"),
                    true);

    /** A user as is; root in a namespace, or as nobody where namespaces are switched off. */
    static Account ofServers() {
        if (!isRoot()) {
            return SELF;
        }
        return succeeds(UNPRIVILEGED_ROOT, "true") ? UNPRIVILEGED_ROOT : OTHER_USER;
    }

    static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Makes {@code folder} and sees to it that the account can write to it. */
    void own(Path folder) {
        try {
            Files.createDirectories(folder);
            if (ownsFolders) {
                var users = folder.getFileSystem().getUserPrincipalLookupService();
                Files.setOwner(folder, users.lookupPrincipalByName(NOBODY));
            }
        } catch (IOException e) {
            throw new ServerFailedException(
                    "The folder %s cannot be prepared: %s".formatted(folder, e.getMessage()), e);
        }
        if (ownsFolders && !succeeds(this, "test", "-w", folder.toString())) {
            throw new ServerFailedException(
                    ("PostgreSQL refuses to run as root, and the user nobody cannot reach %s:"
                                    + " run the build as another user.")
                            .formatted(folder));
        }
    }

    private static boolean succeeds(Account account, String... command) {
        List<String> words = new ArrayList<>(account.prefix());
        words.addAll(List.of(command));
        try {
            return new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
