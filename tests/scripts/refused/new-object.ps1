'not printed'
$message = New-Object System.Net.Mail.MailMessage
$message.Subject = 'report'
