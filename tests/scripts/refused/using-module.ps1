using module ./Audit.psm1
'not printed'
