package dev.stele.jq;

/** The builtins that are best said in jq; the others are in {@link Builtins}. */
final class Prelude {
    private static final int MAX_NESTING = 100;

    private static final String DEFINITIONS =
            """
            def not: if . then false else true end;
            def select(f): if f then . else empty end;
            def map(f): [.[] | f];
            def map_values(f): .[] |= f;
            def error(f): f | error;
            def add(f): [f] | add;

            def isempty(f): [first(f | null)] | length == 0;
            def any(f; test): isempty(f | test | select(.)) | not;
            def any(test): any(.[]; test);
            def any: any(.[]; .);
            def all(f; test): isempty(f | test | select(not));
            def all(test): all(.[]; test);
            def all: all(.[]; .);
            def IN(f): . as $wanted | any(f; . == $wanted);
            def IN(f; g): any(f | IN(g); .);
            def INDEX(f; key): reduce f as $row ({}; .[$row | key | tostring] = $row);
            def INDEX(key): INDEX(.[]; key);
            def JOIN($index; f; key; join): f | [., $index[key]] | join;
            def JOIN($index; f; key): JOIN($index; f; key; .);
            def JOIN($index; key): [JOIN($index; .[]; key)];

            def nulls: select(type == "null");
            def booleans: select(type == "boolean");
            def numbers: select(type == "number");
            def strings: select(type == "string");
            def arrays: select(type == "array");
            def objects: select(type == "object");
            def iterables: select(type == "array" or type == "object");
            def scalars: select(type != "array" and type != "object");
            def values: select(. != null);
            def toarray: if type == "array" then . else [.] end;
            def abs: if . < 0 then - . else . end;

            def recurse: ..;
            def recurse(f; test): recurse(f | select(test));
            def repeat(f): recurse(f);
            def while(test; f): select(test) | recurse(f | select(test));
            def until(test; f): recurse(if test then empty else f end) | select(test);
            def walk(f):
              if type == "object" then map_values(walk(f))
              elif type == "array" then map(walk(f))
              else . end | f;

            def first: .[0];
            def last: .[-1];
            def last(f): reduce f as $value (null; $value);
            def nth($n): .[$n];
            def nth($n; f):
              if $n < 0 then error("nth needs an index from 0") else last(limit($n + 1; f)) end;
            def in(container): . as $key | container | has($key);
            def inside(whole): . as $part | whole | contains($part);
            def index($part): indices($part)[0];
            def rindex($part): indices($part)[-1];
            def transpose:
              if . == [] then . else [range(map(length) | max) as $i | map(.[$i])] end;
            def combinations:
              if length == 0 then [] else
                .[0][] as $head | (.[1:] | combinations) as $tail | [$head] + $tail
              end;
            def combinations($n): [limit($n; repeat(.))] | combinations;

            def to_entries: [keys_unsorted[] as $key | {key: $key, value: .[$key]}];
            def with_entries(f): to_entries | map(f) | from_entries;
            def del(f): delpaths([path(f)]);
            def paths: path(..) | select(length > 0);
            def paths(test): path(.. | select(test)) | select(length > 0);
            def leaf_paths: paths(scalars);
            def pick(f): . as $whole
              | reduce path(f) as $path (null; setpath($path; $whole | getpath($path)));

            def ascii: [.] | implode;
            def todate: todateiso8601;
            def fromdate: fromdateiso8601;

            def match($pattern): . as $text | $pattern
              | if type == "array" then . else [.] end as [$regex, $flags]
              | $text | match($regex; $flags);
            def test($pattern; $flags): isempty(match($pattern; $flags)) | not;
            def test($pattern): isempty(match($pattern)) | not;
            def _named: [.captures[] | select(.name != null) | {key: .name, value: .string}]
              | from_entries;
            def capture($pattern; $flags): match($pattern; $flags) | _named;
            def capture($pattern): match($pattern) | _named;
            def scan($pattern; $flags): match($pattern; "g" + $flags)
              | if .captures == [] then .string else [.captures[].string] end;
            def scan($pattern): scan($pattern; null);
            def sub($pattern; replacement; $flags): . as $text
              | reduce match($pattern; $flags) as $match
                  ([0, null];
                   . as [$next, $made]
                   | [$match | _named | replacement] as $parts
                   | $text[$next:$match.offset] as $gap
                   | [$match.offset + $match.length,
                      [range($parts | length) as $i | $made[$i] + $gap + $parts[$i]]])
              | if .[1] == null then $text else .[1][] + $text[.[0]:] end;
            def sub($pattern; replacement): sub($pattern; replacement; null);
            def gsub($pattern; replacement; $flags): sub($pattern; replacement; "g" + $flags);
            def gsub($pattern; replacement): sub($pattern; replacement; "g");
            def split($pattern; $flags): . as $text
              | [foreach (match($pattern; "g" + $flags), null) as $match
                  ({next: 0};
                   {part: $text[.next:$match.offset], next: ($match.offset + $match.length)};
                   .part)];
            def splits($pattern; $flags): split($pattern; $flags)[];
            def splits($pattern): split($pattern; null)[];
            """;

    static final Scope SCOPE =
            Parser.definitions(Tokens.read(DEFINITIONS, MAX_NESTING), Scope.EMPTY);

    private Prelude() {}
}
