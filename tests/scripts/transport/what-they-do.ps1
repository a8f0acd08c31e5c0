# A sentence for every rule, from whichever of its properties are set.
Connect-ExchangeOnline -ManagedIdentity -Organization contoso.onmicrosoft.com
foreach ($rule in Get-TransportRule) {
    $actions = @()
    if ($rule.PrependSubject) { $actions += "puts '$($rule.PrependSubject)' before the subject" }
    if ($rule.RejectMessageReasonText) {
        $extensions = $rule.AttachmentExtensionMatchesWords | ForEach-Object { ".$_" }
        $actions += "rejects $($extensions -join ' ') with ""$($rule.RejectMessageReasonText)"""
    }
    if ($rule.ApplyHtmlDisclaimerText) {
        $actions += 'adds "{0}"' -f ($rule.ApplyHtmlDisclaimerText -replace '<[^>]+>')
    }
    "$($rule.Priority + 1). $($rule.Name) $($actions -join ' and ')"
}
