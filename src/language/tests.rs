use super::*;

fn kind(text: &str) -> ExpressionKind {
    let block = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let mut block = Arc::try_unwrap(block).expect("nobody else has it");
    let statement = block.end.pop().expect("a statement");
    let StatementKind::Pipeline(mut pipeline) = statement.kind else { panic!("{text} is no pipeline") };
    let Some(Stage::Expression(expression, _)) = pipeline.stages.pop() else { panic!("{text} is a command") };
    expression.kind
}

#[test]
fn scripts_of_administrators_are_read() {
    let scripts = include_str!("../../tests/language/scripts.txt");
    assert!(scripts.split("\n----\n").count() > 30);
    for text in scripts.split("\n----\n") {
        let read = parse(text);
        assert!(
            read.is_ok(),
            "{text}\n{:?}",
            read.err().map(|error| (error.what.clone(), error.span.excerpt(text)))
        );
    }
}

#[test]
fn operators_bind_as_documented() {
    for (written, meant) in [
        ("1 + 2 * 3", "1 + (2 * 3)"),
        ("1 - 2 - 3", "(1 - 2) - 3"),
        ("'{0}' -f 1 + 2", "('{0}' -f 1) + 2"),
        ("1, 2 + 3", "(1, 2) + 3"),
        ("1..2 + 3..4", "(1..2) + (3..4)"),
        ("-not $a -eq $b", "(-not $a) -eq $b"),
        ("$a -eq 1 -and $b -eq 2 -or $c", "(($a -eq 1) -and ($b -eq 2)) -or $c"),
        ("$a -or $b -and $c", "($a -or $b) -and $c"),
        ("$a + 1 -gt $b * 2", "($a + 1) -gt ($b * 2)"),
        ("$a -band 1 -eq 1", "$a -band (1 -eq 1)"),
        ("$a -eq $b -eq $c", "($a -eq $b) -eq $c"),
        ("$a ?? $b + 1", "$a ?? ($b + 1)"),
        ("[int]$a + 1", "([int]$a) + 1"),
        ("-join $a, $b", "(-join $a), $b"),
    ] {
        assert_eq!(bare(&kind(written)), bare(&kind(meant)), "{written}");
    }
}

/// The tree without parentheses and places.
fn bare(kind: &ExpressionKind) -> String {
    let of = |expression: &Expression| bare(&expression.kind);
    match kind {
        ExpressionKind::Paren(statement) => match &statement.kind {
            StatementKind::Pipeline(pipeline) => match &pipeline.stages[0] {
                Stage::Expression(expression, _) => of(expression),
                Stage::Command(_) => "command".to_owned(),
            },
            _ => "statement".to_owned(),
        },
        ExpressionKind::Binary { operator, left, right, .. } => {
            format!("({} {operator:?} {})", of(left), of(right))
        }
        ExpressionKind::Unary(operator, operand) => format!("({operator:?} {})", of(operand)),
        ExpressionKind::Cast(name, operand) => format!("([{}] {})", name.name, of(operand)),
        ExpressionKind::List(items) => format!("({})", items.iter().map(of).collect::<Vec<_>>().join(", ")),
        ExpressionKind::Variable(name) => format!("${}", name.name),
        ExpressionKind::Number(number) => format!("{number:?}"),
        other => format!("{other:?}").split('{').next().unwrap_or_default().to_owned(),
    }
}

#[test]
fn numbers_have_the_type_that_they_need() {
    for (text, number) in [
        ("5", Number::Int(5)),
        ("-5", Number::Int(-5)),
        ("2147483647", Number::Int(i32::MAX)),
        ("2147483648", Number::Long(2_147_483_648)),
        ("-2147483648", Number::Int(i32::MIN)),
        ("5L", Number::Long(5)),
        ("1.5", Number::Double(1.5)),
        (".5", Number::Double(0.5)),
        ("1e3", Number::Double(1000.0)),
        ("0x10", Number::Int(16)),
        ("0xFFFFFFFF", Number::Int(-1)),
        ("1KB", Number::Int(1024)),
        ("10gb", Number::Long(10_737_418_240)),
        ("1.5MB", Number::Double(1_572_864.0)),
        ("99999999999999999999", Number::Double(1e20)),
    ] {
        assert_eq!(kind(text), ExpressionKind::Number(number), "{text}");
    }
}

fn texts(text: &str) -> Vec<String> {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Value(Expression { kind: ExpressionKind::Variable(name), .. }) => match &name.scope {
            Some(scope) => format!("<{scope}:{}>", name.name),
            None => format!("<{}>", name.name),
        },
        Part::Value(_) => "<…>".to_owned(),
    };
    match kind(text) {
        ExpressionKind::Text(text) => vec![text.to_string()],
        ExpressionKind::Interpolated(parts) => parts.iter().map(part).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn texts_are_filled_in_as_documented() {
    for (text, parts) in [
        ("'it''s $x'", vec!["it's $x"]),
        ("\"a`tb`n`$x `\"q`\" \"\"r\"\"\"", vec!["a\tb\n$x \"q\" \"r\""]),
        ("\"$x.Name\"", vec!["<x>", ".Name"]),
        ("\"$($x.Name)!\"", vec!["<…>", "!"]),
        ("\"$env:X and ${y z}\"", vec!["<env:X>", " and ", "<y z>"]),
        ("\"cost: 5$ or $ 6\"", vec!["cost: 5$ or $ 6"]),
        ("\"$(\"in $x\")\"", vec!["<…>"]),
        ("\"$_ $?\"", vec!["<_>", " ", "<?>"]),
        ("@'\na $x\n\n'b'\n'@", vec!["a $x\n\n'b'"]),
        ("@\"\nhi \"$x\"\n\"@", vec!["hi \"", "<x>", "\""]),
        ("@'\n'@", vec![""]),
        ("@\"\r\na\r\nb\r\n\"@", vec!["a\r\nb"]),
    ] {
        assert_eq!(texts(text), parts, "{text}");
    }
}

fn command(text: &str) -> Command {
    let mut block =
        Arc::try_unwrap(parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))).expect("one");
    let Some(StatementKind::Pipeline(mut pipeline)) = block.end.pop().map(|statement| statement.kind) else {
        panic!("no pipeline")
    };
    match pipeline.stages.pop() {
        Some(Stage::Command(command)) => command,
        other => panic!("{other:?}"),
    }
}

#[test]
fn words_of_a_command_are_texts() {
    let shown = |text: &str| -> Vec<String> {
        let of = |value: &Expression| match &value.kind {
            ExpressionKind::Word(word) => format!("word {word}"),
            ExpressionKind::Text(text) => format!("text {text}"),
            ExpressionKind::Number(number) => format!("{number:?}"),
            ExpressionKind::Variable(name) => format!("${}", name.name),
            ExpressionKind::List(items) => format!("list of {}", items.len()),
            ExpressionKind::Interpolated(parts) => format!("{} parts", parts.len()),
            ExpressionKind::Member { .. } => "member".to_owned(),
            other => format!("{other:?}").split(['(', '{', ' ']).next().unwrap_or_default().to_owned(),
        };
        let argument = |argument: &Argument| match argument {
            Argument::Parameter { name, value: None, .. } => format!("-{name}"),
            Argument::Parameter { name, value: Some(value), .. } => format!("-{name}:{}", of(value)),
            Argument::Value(value) => of(value),
            Argument::Splat(name) => format!("@{}", name.name),
        };
        command(text).arguments.iter().map(argument).collect()
    };
    for (text, arguments) in [
        ("x a 5 -5 1.5 5a", vec!["word a", "Int(5)", "Int(-5)", "Double(1.5)", "word 5a"]),
        ("x -Name v -Switch:$false", vec!["-Name", "word v", "-Switch:$false"]),
        ("x a,b, c", vec!["list of 3"]),
        ("x $y.z $y\\z $y", vec!["member", "2 parts", "$y"]),
        ("x 'q r' \"s\"", vec!["text q r", "text s"]),
        ("x *@contoso.com C:\\x\\y.csv a=b", vec!["word *@contoso.com", "word C:\\x\\y.csv", "word a=b"]),
        ("x @splat -p @(1) @{a=1}", vec!["@splat", "-p", "Array", "Table"]),
        ("x (1) { 2 } $(3)", vec!["Paren", "Block", "Sub"]),
        ("x 10MB 2026-11-24 7.00:00:00", vec!["Int(10485760)", "word 2026-11-24", "word 7.00:00:00"]),
        ("x a#b # c", vec!["word a#b"]),
        ("x List[object]", vec!["word List[object]"]),
    ] {
        assert_eq!(shown(text), arguments, "{text}");
    }
}

#[test]
fn streams_are_redirected() {
    let redirections = |text: &str| command(text).redirections.len();
    for (text, count) in
        [("x 2>$null", 1), ("x > out.txt 2>&1", 2), ("x *>$null", 1), ("x 3>> log", 1), ("x a>b", 0)]
    {
        assert_eq!(redirections(text), count, "{text}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    for (text, line, column, what) in [
        ("class X {}", 1, 1, "`class` is not supported"),
        ("$a = 1\nusing module x", 2, 1, "`using` is not supported"),
        ("a && b", 1, 3, "`&&` is not supported"),
        ("if ($x { 1 }", 1, 8, "`{` is not expected here"),
        ("$x = (1 + 2", 1, 6, "`(` is opened here and never closed"),
        ("\"abc", 1, 1, "the text that begins here has no end; its quote is missing"),
        ("\"$name: x\"", 1, 2, "the colon belongs to the variable's name, and what follows it is no name"),
        ("1 -foo 2", 1, 3, "`-foo` is no operator"),
        ("1 = 2", 1, 1, "only a variable, a property or an item can be assigned to"),
        ("foreach ($x of $y) { }", 1, 13, "`in` is missing after the variable"),
        ("try { }", 1, 1, "`catch` or `finally` is missing after `try { … }`"),
        ("Get-X | 'a'", 1, 9, "an expression can stand only at the beginning of a pipeline"),
        ("@'\nx", 1, 1, "the text that begins here has no end, a line that begins with its quote and `@`"),
        ("<# x", 1, 1, "the comment has no end; `#>` is missing"),
        ("}", 1, 1, "`}` is not expected here"),
        ("Get-X |", 1, 8, "the script ends in the middle of a statement"),
        (".\\other.ps1", 1, 1, "other scripts are not run from a script"),
        ("x < y", 1, 3, "`<` is not supported"),
        ("$x = 1 2", 1, 8, "`2` is not expected here"),
        ("Get-X &", 1, 7, "`&` runs a command in the background, which is not supported"),
        ("1; param($x)", 1, 4, "`param` must stand before every other statement"),
    ] {
        let error = parse(text).expect_err(text);
        let place = error.span.place(text);
        assert_eq!((place.line, place.column, error.what.as_str()), (line, column, what), "{text}");
    }
}

#[test]
fn no_text_exhausts_the_stack() {
    let many = 100_000;
    for (open, close) in [
        ("(", ")"),
        ("$(", ")"),
        ("@(", ")"),
        ("{", "}"),
        ("@{a=", "}"),
        ("[int]", ""),
        ("!", ""),
        (",", ""),
        ("-not ", ""),
        ("\"$(", ")\""),
        ("1+", "1"),
        ("$a.b", ""),
        ("if (1) {", "}"),
        ("$a = ", "1"),
        ("1 ? 1 : ", "1"),
        ("x (", ")"),
        ("$a[", "]"),
        ("$a.b(", ")"),
        ("(1+", ")"),
        ("x {", "}"),
        ("$a::", "b"),
        ("x $(", ")y"),
        ("x \"$(", ")\""),
    ] {
        let text = format!("$a{}{}", open.repeat(many), close.repeat(many));
        let _ = parse(&text);
        let _ = parse(&text[2..]);
    }
    let nested = (0..50).fold("1".to_owned(), |inner, _| format!("({inner}{})", "+1".repeat(100)));
    assert!(parse(&nested).is_err(), "the tree would have 5000 levels");
    let long = format!("1{}", "+1".repeat(300));
    assert!(parse(&long).is_ok());
    let deep = format!("{}1{}", "(".repeat(50), ")".repeat(50));
    assert!(parse(&deep).is_ok());
}

#[test]
fn a_statement_goes_on_where_something_is_open_and_nowhere_else() {
    for text in [
        "Get-Mailbox |",
        "Get-Mailbox | # all of them",
        "Get-Mailbox `",
        "Get-Mailbox | Where-Object {",
        "if ($x) {",
        "if ($x)",
        "foreach ($i in 1..3) {\n  $i",
        "function f {",
        "try { 1 }",
        "do { 1 }",
        "@{ a = 1",
        "@(1,",
        "1,",
        "1 +",
        "$x =",
        "'text",
        "\"text",
        "\"a $(",
        "@'",
        "@\"\nline",
        "<# comment",
        "$a.b(",
        "$a[",
    ] {
        assert!(is_unfinished(text), "{text}");
        assert!(is_unfinished(&format!("{text}\n")), "{text}");
    }
    for text in [
        "",
        "# comment",
        "Get-Mailbox",
        "Get-Mailbox | Format-Table Name",
        "@'\nline\n'@",
        "if ($x) { 1 }",
        "class",
        "class X {",
        "1 )",
        "a && b",
        "}",
        "@'x",
        "foreach -parallel",
    ] {
        assert!(!is_unfinished(text), "{text}");
    }
}

#[test]
fn what_stands_behind_a_place_is_read_with_places_of_the_whole() {
    let text = "garbage (\n$x = 1 )";
    let error = parse_from(text, 10).expect_err("a bracket too many");
    assert_eq!(error.span.place(text), Place { line: 2, column: 8 });
    assert!(parse_from(text, text.len()).is_ok());
}

/// Each of these here-strings ends where the first one does, so that what is filled into it goes on behind its end.
#[test]
fn what_is_filled_in_ends_within_its_text() {
    let text = "@\"\n$(@\"\n\"@\n".repeat(30) + ")";
    let error = parse(&text).expect_err("it has no meaning");
    assert!(error.what.contains("goes beyond the end"), "{}", error.what);
}

#[test]
fn a_pipeline_of_hundreds_of_commands_is_refused() {
    let stages = |count: usize| vec!["a"; count].join(" | ");
    assert!(parse(&stages(100)).is_ok());
    assert!(parse(&stages(5000)).is_err());
}

#[test]
fn an_attribute_that_does_not_end_is_no_attribute() {
    for text in ["[CmdletBinding() param($x)", "[CmdletBinding()] [Parameter(1 param($x) 1"] {
        assert!(parse(text).is_err(), "{text}");
    }
}

/// The main thread of Windows has one megabyte; what is built for tests takes four times as much.
#[test]
fn whatever_is_read_takes_little_stack() {
    let operators = "1 -or 1 -band 1 -eq 1 ?? 1 + 1 * 1 -f 1..(";
    let texts = [
        operators.repeat(200),
        format!("{}1{}", operators.repeat(40), ")".repeat(40)),
        "(".repeat(300),
        "{".repeat(300),
        "$(".repeat(300),
        "\"$(".repeat(300),
        "@{a=".repeat(300),
        "if(1){".repeat(300),
        "function f{".repeat(300),
        "[int]".repeat(300) + "1",
        "-not ".repeat(300) + "1",
        "a.b(".repeat(300),
        "$a[".repeat(300),
        "$a=".repeat(300) + "1",
        "1".to_owned() + &"+1".repeat(390),
        "a | ".repeat(390) + "a",
    ];
    for text in texts {
        let begun = std::thread::Builder::new().stack_size(4 << 20).spawn(move || {
            let read = parse(&text).is_ok();
            let _ = is_unfinished(&text);
            read
        });
        begun.expect("a thread").join().expect("it does not panic");
    }
}
