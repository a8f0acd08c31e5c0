# about_Regular_Expressions: a match of a single text fills $Matches. Named groups are not counted with the others.
if ('adele.vance@contoso.com' -match '^(?<user>[^@]+)@(.+)$') {
    "whole: $($Matches[0])"
    "named: $($Matches.user) and $($Matches['user'])"
    "first: $($Matches[1])"
}
'nothing' -match 'x(\d)'
"after a failure it keeps: $($Matches[1])"
$found = 'Rule 12' -match '\d+'
"now: $found $($Matches[0]), groups: $($Matches.Count)"
'b1', 'a2', 'A3' -match 'a'
"an array leaves it: $($Matches[0])"
"no match: $('abc' -notmatch 'B') $('abc' -notmatch '^b')"
if ('2026-11-24' -match '(\d+)-(\d+)-(\d+)') { [int]$Matches[2] + 1 }
