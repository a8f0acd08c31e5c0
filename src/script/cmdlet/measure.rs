//! Measure-Object.

use super::property::Property;
use super::{Arguments, Gather, Spec, Takes, parameter};
use crate::script::compare;
use crate::script::convert;
use crate::script::error::{Flow, Raised};
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::object::{Kind, Object};
use crate::script::value::Value;

pub(super) const MEASURE: Spec = Spec {
    name: "Measure-Object",
    aliases: &["measure"],
    parameters: &[
        parameter("Property", Takes::Place(0)),
        parameter("Sum", Takes::Switch),
        parameter("Average", Takes::Switch),
        parameter("Maximum", Takes::Switch),
        parameter("Minimum", Takes::Switch),
        parameter("StandardDeviation", Takes::Switch),
        parameter("AllStats", Takes::Switch),
        parameter("Line", Takes::Switch),
        parameter("Word", Takes::Switch),
        parameter("Character", Takes::Switch),
        parameter("InputObject", Takes::Input),
    ],
    make: measure,
};

/// What is asked for.
#[allow(clippy::struct_excessive_bools)] // Switches of a cmdlet are that.
struct Wanted {
    sum: bool,
    average: bool,
    maximum: bool,
    minimum: bool,
    deviation: bool,
}

fn measure(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let properties = Property::read_all(&arguments.list("Property"))?;
    let on = |name: &str| arguments.is_on(name) || arguments.is_on("AllStats");
    let wanted = Wanted {
        sum: on("Sum"),
        average: on("Average"),
        maximum: on("Maximum"),
        minimum: on("Minimum"),
        deviation: on("StandardDeviation"),
    };
    let text = ["Line", "Word", "Character"].map(|name| arguments.is_on(name));
    Gather::stage(Vec::new(), move |run: &mut Run<'_>, mut items: Vec<Value>, out: &mut dyn Output| {
        items.retain(|item| !item.is_null());
        if text.contains(&true) {
            return out.push(run, of_texts(&items, text));
        }
        if properties.is_empty() {
            let measured = of_values(run, &items, &wanted, None)?;
            return out.push(run, measured);
        }
        for property in &properties {
            let mut values = Vec::new();
            for item in &items {
                values.extend(property.own_value(run, item)?.filter(|value| !value.is_null()));
            }
            if values.is_empty() && !items.is_empty() {
                let message = format!(
                    "The property \"{}\" cannot be found in the input for any objects.",
                    property.label
                );
                run.fail(Raised::new(
                    "GenericMeasurePropertyNotFound,Microsoft.PowerShell.Commands.MeasureObjectCommand",
                    message,
                ))?;
                continue;
            }
            let measured = of_values(run, &values, &wanted, Some(&property.label))?;
            out.push(run, measured)?;
        }
        Ok(())
    })
}

#[allow(clippy::cast_precision_loss)] // PowerShell measures in fractions as well.
fn of_values(run: &mut Run<'_>, values: &[Value], wanted: &Wanted, property: Option<&str>) -> Flow<Value> {
    let numeric = wanted.sum || wanted.average || wanted.deviation;
    let mut numbers = Vec::new();
    for value in values {
        match convert::double(value) {
            Some(number) => numbers.push(number),
            None if numeric => {
                let message = format!("Input object \"{}\" is not numeric.", convert::text(value));
                run.fail(Raised::new(
                    "NonNumericInputObject,Microsoft.PowerShell.Commands.MeasureObjectCommand",
                    message,
                ))?;
            }
            None => {}
        }
    }
    let count = numbers.len() as f64;
    let sum: f64 = numbers.iter().sum();
    let mean = sum / count;
    let some =
        |wanted: bool, number: f64| if wanted && count > 0.0 { Value::Double(number) } else { Value::Null };
    let extreme = |wanted: bool, largest: bool| {
        let chosen = values.iter().reduce(|best, value| {
            let order = compare::sorted(value, best, false);
            if (order == std::cmp::Ordering::Greater) == largest && order != std::cmp::Ordering::Equal {
                value
            } else {
                best
            }
        });
        let number = |value: &Value| {
            if matches!(value, Value::Int(_) | Value::Long(_)) {
                convert::double(value).map_or(Value::Null, Value::Double)
            } else {
                value.clone()
            }
        };
        if wanted { chosen.map(number).unwrap_or_default() } else { Value::Null }
    };
    let spread: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
    let fields = [
        ("Count", Value::count(values.len())),
        ("Average", some(wanted.average, mean)),
        ("Sum", some(wanted.sum, sum)),
        ("Maximum", extreme(wanted.maximum, true)),
        ("Minimum", extreme(wanted.minimum, false)),
        ("StandardDeviation", some(wanted.deviation, (spread / (count - 1.0).max(1.0)).sqrt())),
        ("Property", property.map_or(Value::Null, Value::from)),
    ];
    Ok(Value::object(Object::of(Kind::Other("Microsoft.PowerShell.Commands.GenericMeasureInfo"), fields)))
}

fn of_texts(items: &[Value], [lines, words, letters]: [bool; 3]) -> Value {
    let texts: Vec<String> = items.iter().map(convert::text).collect();
    let sum = |wanted: bool, count: fn(&String) -> usize| {
        if wanted { Value::count(texts.iter().map(count).sum()) } else { Value::Null }
    };
    let fields = [
        ("Lines", sum(lines, |text| text.lines().count())),
        ("Words", sum(words, |text| text.split_whitespace().count())),
        ("Characters", sum(letters, |text| text.chars().count())),
        ("Property", Value::Null),
    ];
    Value::object(Object::of(Kind::Other("Microsoft.PowerShell.Commands.TextMeasureInfo"), fields))
}
