# Completion of exo-mi for Elvish: it asks the program.
use str
set edit:completion:arg-completer[exo-mi] = {|@words|
    var before = $words[1..-1]
    (external $words[0]) complete --shell elvish --current=$words[-1] -- $@before 2>/dev/null | from-lines | each {|line|
        if (eq $line '<files>') {
            edit:complete-filename $words[-1]
        } else {
            var value about = (str:split &max=2 "\t" $line)
            var shown = $value
            if (not-eq $about '') { set shown = $value'  -- '$about }
            edit:complex-candidate $value &display=$shown
        }
    }
}
