'not printed'
robocopy C:\Reports D:\Archive /MIR
