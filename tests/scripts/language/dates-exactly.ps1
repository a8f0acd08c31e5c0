# DateTime.ParseExact and "Custom date and time format strings" of .NET.
$culture = [System.Globalization.CultureInfo]::InvariantCulture
$shown = 'yyyy-MM-dd HH:mm:ss.fff'
[datetime]::ParseExact('20260301', 'yyyyMMdd', $null).ToString($shown)
[datetime]::ParseExact('01.03.2026 14:05', 'dd.MM.yyyy HH:mm', $culture).ToString($shown)
[datetime]::ParseExact('1.3.2026', 'd.M.yyyy', $culture).ToString($shown)
[datetime]::ParseExact('Mar 1 2026 2:05 PM', 'MMM d yyyy h:mm tt', $culture).ToString($shown)
[datetime]::ParseExact('Sunday, 01 March 2026', 'dddd, dd MMMM yyyy', $culture).ToString($shown)
[datetime]::ParseExact('2026-03-01T14:05:09.250', 'yyyy-MM-ddTHH:mm:ss.fff', $culture).ToString($shown)
[datetime]::ParseExact('12:00 AM 1/2/26', 'h:mm tt M/d/yy', $culture).ToString($shown)
[datetime]::ParseExact('on 2026-03-01', "'on' yyyy-MM-dd", $culture).ToString($shown)
foreach ($pair in @('1.3.2026', 'dd.MM.yyyy'), @('2026-02-30', 'yyyy-MM-dd'), @('2026-03-01 ', 'yyyy-MM-dd'), @('Monday 2026-03-01', 'dddd yyyy-MM-dd')) {
    try { [datetime]::ParseExact($pair[0], $pair[1], $culture) } catch { "no: $($pair[0])" }
}
