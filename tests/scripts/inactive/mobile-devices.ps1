# Devices that wait for somebody to decide.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
$devices = Get-MobileDevice -ResultSize Unlimited
foreach ($device in $devices | Sort-Object DeviceOS) {
    $owner = ($device.UserDisplayName -split '/')[-1]
    $line = "$owner`t$($device.DeviceOS)`t$($device.DeviceAccessState)"
    if ($device.DeviceAccessState -ne 'Allowed') {
        $line += "`t<-- $($device.DeviceAccessStateReason)"
    }
    $line
}
