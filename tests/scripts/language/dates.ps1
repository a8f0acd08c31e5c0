# Dates: a text is read in the invariant culture, and so is a date written into a text.
$date = [datetime]'2026-03-01T14:05:09'
"text: $date"
"parts: $($date.Year) $($date.Month) $($date.Day) $($date.Hour) $($date.Minute) $($date.DayOfWeek) $($date.DayOfYear)"
"format: $($date.ToString('yyyy-MM-dd HH:mm')) $($date.ToString('dd.MM.yy')) $($date.ToString('ddd, d MMM yyyy'))"
"operator: $('{0:yyyyMMdd-HHmmss}' -f $date)"
"moved: $($date.AddDays(-1).ToString('yyyy-MM-dd')) $($date.AddMonths(11).ToString('MMMM yyyy')) $($date.AddHours(10).ToString('s'))"
"end of month: $(([datetime]'2026-01-31').AddMonths(1).ToString('yyyy-MM-dd'))"
"date alone: $($date.Date.ToString('yyyy-MM-dd HH:mm'))"
$start = [datetime]'2026-02-27'
$span = $date - $start
"between: $($span.Days) days, $($span.Hours) hours, $([int]$span.TotalHours) hours in all"
"before: $($start -lt $date) $($date -gt '2026-03-01') $($date -eq '2026-03-01')"
"american: $(([datetime]'03/04/2026').ToString('d MMMM'))"
Get-Date -Date '2026-12-24 18:30' -Format 'dddd yyyy/MM/dd'
(Get-Date '2026-12-24').AddDays(7).Year
$sorted = @('2026-10-02', '2026-09-30', '2025-12-31') | ForEach-Object { [datetime]$_ } | Sort-Object -Descending
"latest: $($sorted[0].ToString('yyyy-MM-dd'))"
"{0:HH:mm} and {1:dd}" -f $date.Date, $date
