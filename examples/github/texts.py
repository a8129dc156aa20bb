"""JSON as text, for verify.sh: values are cut out of documents, never parsed and printed again, so that
digits, escapes and the order of members can be compared as they stand."""

import json
import re
import sys

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
OPENING, CLOSING = {"{", "["}, {"}", "]"}


def minified(text):
    """The text without the white space between its tokens."""
    return "".join(TOKEN.findall(text))


def parts(text):
    """The elements of an array as they stand, or the members of an object as (name, value as it stands)."""
    tokens = list(TOKEN.finditer(text))
    depth, start, found = 0, 1, []
    for i, token in enumerate(tokens):
        if depth == 1 and i > start and (token.group() == "," or i == len(tokens) - 1):
            found.append((tokens[start], tokens[i - 1]) if text[tokens[0].start()] == "[" else
                         (tokens[start], tokens[start + 2], tokens[i - 1]))
            start = i + 1
        depth += (token.group() in OPENING) - (token.group() in CLOSING)
    if text[tokens[0].start()] == "[":
        return [text[first.start():last.end()] for first, last in found]
    return [(json.loads(name.group()), text[first.start():last.end()]) for name, first, last in found]


def webhooks(path):
    """The events of the file: (stream, type, minified text of the data)."""
    for line in open(path, encoding="utf-8"):
        event = dict(parts(line))
        yield json.loads(event["stream"]), json.loads(event["type"]), minified(event["data"])


def answered(pages):
    """The events of the service's pages: what the envelope says, with the data as text."""
    for page in pages:
        for text in parts(dict(parts(open(page, encoding="utf-8").read()))["events"]):
            members = dict(parts(text))
            data = members.pop("data", "")
            yield {name: json.loads(value) for name, value in members.items()} | {"data": data}


def records(path, streams):
    """Of the records that kcat wrote, those of the streams; others may be no text.

    Their form is '%p %o %K %S %h\\n%k%s\\n', with lengths in bytes.
    """
    dump = open(path, "rb")
    while line := dump.readline():
        partition, offset, key_length, length, headers = line.decode().rstrip("\n").split(" ", 4)
        key = dump.read(int(key_length)).decode()
        value = dump.read(int(length))
        assert dump.read(1) == b"\n", "kcat's lengths do not fit its output"
        if key in streams:
            yield int(partition), int(offset), key, re.split(r",(?=[a-z_-]+=)", headers), value.decode()


def show(rows):
    for row in rows:
        print(*row, sep="\t")


def by_stream(rows):
    """Sorted by the first column; the order of rows of the same stream stays."""
    return sorted(rows, key=lambda row: row[0])


def main(verb, file, *rest):
    expected = list(webhooks(file))
    streams = {stream for stream, _, _ in expected}
    if verb == "file":
        show(expected)
    elif verb == "pages":
        show((e["stream"], e["type"], e["data"]) for e in answered(rest) if e["stream"] in streams)
    elif verb == "positions":
        show((e["position"], e["version"]) for e in answered(rest) if e["stream"] in streams)
    elif verb == "records-expected":
        # The file says stream, type, data and the order; the envelope's own members are the service's.
        log, *pages = rest
        ours = [e for e in answered(pages) if e["stream"] in streams]
        versions = dict.fromkeys(streams, 0)
        rows = []
        for (stream, kind, data), e in zip(expected, ours, strict=True):
            versions[stream] += 1
            headers = {
                "ce_specversion": "1.0",
                "ce_id": e["id"],
                "ce_source": f"urn:stele:{log}",
                "ce_type": kind,
                "ce_subject": stream,
                "ce_time": e.get("occurredAt", e["recordedAt"]),
                "ce_partitionkey": stream,
                "ce_position": e["position"],
                "ce_streamversion": versions[stream],
                "ce_recordedat": e["recordedAt"],
                "content-type": "application/json",
            }
            rows.append((stream, *sorted(f"{name}={value}" for name, value in headers.items()), data))
        show(by_stream(rows))
    elif verb == "records":
        found = list(records(rest[0], streams))
        assert len({(partition, key) for partition, _, key, _, _ in found}) == len(
            {key for _, _, key, _, _ in found}), "a stream is spread over several partitions"
        found.sort(key=lambda r: (r[0], r[1]))
        show(by_stream((key, *sorted(h for h in headers if not h.startswith("traceparent=")), value)
                       for _, _, key, headers, value in found))
    else:
        raise SystemExit(f"texts.py: no verb {verb}")


if __name__ == "__main__":
    main(*sys.argv[1:])
