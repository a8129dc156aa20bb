# Sourced by mvnw: makes JAVA_HOME a JDK of at least $stele_jdk, whatever `java` on the PATH is.
# It keeps a JAVA_HOME that is new enough, else takes the java on the PATH, else looks where JDKs usually lie.

stele_jdk=25

# Some containers and service managers leave HOME unset; below here, and in mvnw, that would be an error.
if [ -z "${HOME-}" ]; then
  HOME=$(eval "echo ~$(id -un)")
  export HOME
fi

# Prints the feature release (25 of 25.0.3) of the JDK in $1, or 0 when there is none.
jdk_release() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || { echo 0; return; }
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

jdk_is_new_enough() { [ "$(jdk_release "$1")" -ge "$stele_jdk" ] 2>/dev/null; }

# Prints the home of the java on the PATH, links followed.
jdk_on_path() {
  jdk_java=$(command -v java) && jdk_java=$(readlink -f "$jdk_java") && dirname "$(dirname "$jdk_java")"
}

# Prints the first JDK that is new enough among the usual places (mvnw switches globbing off).
jdk_installed() {
  (
    set +f
    for jdk in /usr/lib/jvm/* /usr/local/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* \
      "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/* \
      "$HOME"/.asdf/installs/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
      "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
      jdk_is_new_enough "$jdk" && echo "$jdk" && exit 0
    done
    exit 1
  )
}

if [ -z "${JAVA_HOME-}" ] || ! jdk_is_new_enough "$JAVA_HOME"; then
  if jdk_found=$(jdk_on_path) && jdk_is_new_enough "$jdk_found"; then
    JAVA_HOME=$jdk_found
  elif jdk_found=$(jdk_installed); then
    JAVA_HOME=$jdk_found
  else
    echo "Stele needs a JDK $stele_jdk or newer to build, and none was found." >&2
    echo "Looked at JAVA_HOME (${JAVA_HOME:-not set}), the java on the PATH, and the usual places such as /usr/lib/jvm, ~/.sdkman and ~/.jdks." >&2
    echo "Install one, for example Eclipse Temurin $stele_jdk (https://adoptium.net), or set JAVA_HOME to it." >&2
    exit 1
  fi
  export JAVA_HOME
fi
