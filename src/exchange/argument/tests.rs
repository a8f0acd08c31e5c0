use proptest::prelude::*;

use super::*;

fn text(text: &str) -> Argument {
    Argument::Text(text.to_owned())
}

fn texts(all: &[&str]) -> Argument {
    Argument::List(all.iter().map(|one| text(one)).collect())
}

fn fields(all: &[(&str, Argument)]) -> Argument {
    Argument::Table(all.iter().map(|(name, argument)| ((*name).to_owned(), argument.clone())).collect())
}

fn sent(kind: impl Into<Option<Kind>>, argument: Argument) -> Result<Value, BadArgument> {
    let mut input = CmdletInput { cmdlet_name: "Set-X".to_owned(), parameters: Map::new() };
    input.set("X", kind.into(), argument)?;
    Ok(Value::Object(input.parameters))
}

/// Row by row, what the module does with the values of PowerShell.
#[test]
fn every_kind_of_value_has_the_form_that_the_module_gives_it() {
    let hashtable = "#Exchange.GenericHashTable";
    for (kind, argument, expected) in [
        (Kind::Switch, Argument::Bool(true), json!({"X": true})),
        (Kind::Switch, Argument::Bool(false), json!({"X": false})),
        (Kind::Bool, Argument::Bool(true), json!({"X": true})),
        (Kind::Bool, text("FALSE"), json!({"X": false})),
        (Kind::Number, text("-5"), json!({"X": -5})),
        (Kind::Number, text("10KB"), json!({"X": 10240})),
        (Kind::Number, text("0.25"), json!({"X": 0.25})),
        (Kind::Text, Argument::Null, json!({"X": null})),
        (Kind::Text, text("a, b"), json!({"X": "a, b"})),
        (Kind::Text, Argument::Number(7.into()), json!({"X": "7"})),
        (Kind::Enumeration, text("InternalRelay"), json!({"X": "InternalRelay"})),
        (Kind::Duration, text("7.00:00:00"), json!({"X": "7.00:00:00"})),
        (Kind::Size, text("unlimited"), json!({"X": "Unlimited"})),
        (Kind::Size, text("50 GB"), json!({"X": "50 GB"})),
        (Kind::Size, text("10"), json!({"X": 10})),
        (Kind::Date, text("2026-11-24 08:00"), json!({"X": "2026-11-24T08:00:00.0000000Z"})),
        (Kind::Array, texts(&["a", "b"]), json!({"X": ["a", "b"]})),
        (Kind::Array, text("a"), json!({"X": ["a"]})),
        (Kind::Array, Argument::List(vec![Argument::Number(25.into())]), json!({"X": ["25"]})),
        (Kind::Array, Argument::List(Vec::new()), json!({"X": []})),
        (Kind::Array, Argument::Null, json!({"X": null})),
        (Kind::MultiValued, texts(&["a", "b"]), json!({"X": ["a", "b"]})),
        (Kind::MultiValued, Argument::Null, json!({"X": {"@odata.type": hashtable}})),
        (Kind::MultiValued, Argument::List(Vec::new()), json!({"X": {"@odata.type": hashtable}})),
        (
            Kind::MultiValued,
            fields(&[("add", texts(&["x", "y"])), ("Remove", text("z"))]),
            json!({"X": {"@odata.type": hashtable, "Add": ["x", "y"], "Remove": ["z"]}}),
        ),
        (
            Kind::Hashtable,
            fields(&[("en", text("a")), ("inner", fields(&[("n", Argument::Number(1.into()))]))]),
            json!({"X": {"@odata.type": hashtable, "en": "a", "inner": {"@odata.type": hashtable, "n": 1}}}),
        ),
        (
            Kind::Hashtables,
            Argument::List(vec![fields(&[("Name", text("a"))]), fields(&[("Name", text("b"))])]),
            json!({
                "X@odata.type": "#Collection(Exchange.GenericHashTable)",
                "X": [{"@odata.type": hashtable, "Name": "a"}, {"@odata.type": hashtable, "Name": "b"}],
            }),
        ),
        (
            Kind::Bytes,
            Argument::Bytes(vec![0, 255, 13]),
            json!({"X": {"@odata.type": "#Exchange.ByteArrayType", "Data": [0, 255, 13]}}),
        ),
        (Kind::Bytes, Argument::Json(json!("as it stands")), json!({"X": "as it stands"})),
        (
            Kind::Filter,
            text("A -eq $true -and B -eq '$FALSE' -and C -eq $null -and D -eq $truest"),
            json!({"X": "A -eq 'True' -and B -eq 'False' -and C -eq $null -and D -eq $truest"}),
        ),
    ] {
        assert_eq!(sent(kind, argument.clone()).expect("encoded"), expected, "{kind:?} {argument:?}");
    }
}

#[test]
fn a_value_of_an_unknown_parameter_keeps_its_own_form() {
    for (argument, expected) in [
        (Argument::Bool(true), json!({"X": true})),
        (Argument::Number(5.into()), json!({"X": 5})),
        (texts(&["a"]), json!({"X": ["a"]})),
        (
            Argument::List(vec![Argument::Bytes(vec![1]), Argument::Bytes(vec![2])]),
            json!({
                "X@odata.type": "#Collection(Exchange.ByteArrayType)",
                "X": [
                    {"@odata.type": "#Exchange.ByteArrayType", "Data": [1]},
                    {"@odata.type": "#Exchange.ByteArrayType", "Data": [2]},
                ],
            }),
        ),
    ] {
        assert_eq!(sent(None, argument).expect("encoded"), expected);
    }
}

#[test]
fn what_a_kind_does_not_take_is_refused() {
    for (kind, argument) in [
        (Kind::Switch, Argument::Null),
        (Kind::Bool, text("yes")),
        (Kind::Bool, text("")),
        (Kind::Number, text("many")),
        (Kind::Number, text("inf")),
        (Kind::Number, text("9999PB")),
        (Kind::Date, text("tomorrow")),
        (Kind::Hashtable, text("a=b")),
        (Kind::Hashtables, texts(&["a"])),
        (Kind::Bytes, text("photo.jpg")),
        (Kind::Secret, text("hunter2")),
        (Kind::Secret, Argument::Json(json!("hunter2"))),
    ] {
        let why = sent(kind, argument.clone()).expect_err("refused");
        assert!(!why.to_string().contains("hunter2"), "{why}");
    }
}

proptest! {
    #[test]
    fn what_is_sent_reads_back(text in ".{0,40}", flag: bool, number: i64, items in prop::collection::vec(".{0,20}", 1..6)) {
        let sent = |kind, argument| sent(kind, argument).expect("encoded")["X"].take();
        prop_assert_eq!(sent(Kind::Text, Argument::Text(text.clone())), json!(text));
        prop_assert_eq!(sent(Kind::Bool, Argument::Bool(flag)), json!(flag));
        prop_assert_eq!(sent(Kind::Number, Argument::Text(number.to_string())), json!(number));
        let list = Argument::List(items.iter().cloned().map(Argument::Text).collect());
        prop_assert_eq!(sent(Kind::Array, list.clone()), json!(items));
        prop_assert_eq!(sent(Kind::MultiValued, list), json!(items));
    }

    #[test]
    fn no_text_makes_any_kind_panic(text in ".{0,60}") {
        for kind in [Kind::Number, Kind::Size, Kind::Date, Kind::Filter, Kind::Bool, Kind::Bytes, Kind::Duration] {
            let _ = sent(kind, Argument::Text(text.clone()));
        }
    }
}
