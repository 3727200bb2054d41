//! Compares the templates and the programs with the messages of every language of the shop.

use std::collections::{BTreeMap, BTreeSet};

use ipswich_catalog::message::placeholders;
use ipswich_catalog::{Locale, Text};

use super::file::{Forms, Message, MessageFile};
use super::template::{self, Call};
use super::texts;
use crate::problem::{Problem, did_you_mean};
use crate::source::{TextFile, ThemeFiles};

/// The value that chooses the form of a message.
const COUNT: &str = "count";

/// A call with the template it stands in.
struct Use<'f> {
    template: &'f TextFile,
    call: Call,
}

/// The messages of one language.
struct Language<'f> {
    locale: Locale,
    file: &'f TextFile,
    messages: MessageFile,
}

/// All mistakes of messages and of the calls to them, for these languages.
pub(crate) fn check(files: &ThemeFiles, locales: &[Locale]) -> Vec<Problem> {
    let mut problems = Vec::new();
    if files.folder.is_empty() {
        return problems;
    }
    let uses = uses(files, &mut problems);
    let languages = read(files, locales, !uses.is_empty(), &mut problems);
    check_keys(files, &uses, &languages, &mut problems);
    for language in &languages {
        check_lacking(&uses, &languages, language, &mut problems);
        for (key, message) in language.messages.iter() {
            check_message(&uses, language, key, message, &mut problems);
        }
    }
    problems
}

fn uses<'f>(files: &'f ThemeFiles, problems: &mut Vec<Problem>) -> Vec<Use<'f>> {
    let mut uses = Vec::new();
    for template in &files.templates {
        let (calls, bad) = template::calls(&template.text);
        for bad in bad {
            let help = "write it like t(\"cart.title\") or t(\"cart.pieces\", count=page.pieces)";
            problems.push(template.problem(bad.place, "this call of a message cannot be read", help));
        }
        uses.extend(calls.into_iter().map(|call| Use { template, call }));
    }
    uses
}

fn read<'f>(
    files: &'f ThemeFiles,
    locales: &[Locale],
    in_use: bool,
    problems: &mut Vec<Problem>,
) -> Vec<Language<'f>> {
    let mut languages: Vec<Language<'f>> = Vec::new();
    for locale in locales {
        if languages.iter().any(|known| known.locale.language() == locale.language()) {
            continue;
        }
        match MessageFile::find(files, *locale) {
            Some(file) => {
                let (messages, found) = MessageFile::read(file, *locale);
                problems.extend(found);
                languages.push(Language { locale: *locale, file, messages });
            }
            // Programs speak English by themselves.
            None if locale.language() == "en" && !in_use => {}
            None => {
                let message = format!("the theme has no messages for {locale}");
                let help = "add the file; it says everything that the messages of the other languages say";
                problems.push(Problem::of_file(MessageFile::path(files, *locale), message, help));
            }
        }
    }
    languages
}

/// Keys that no language knows, at their calls.
fn check_keys(files: &ThemeFiles, uses: &[Use<'_>], languages: &[Language<'_>], problems: &mut Vec<Problem>) {
    let known = |key: &str| languages.iter().any(|language| language.messages.get(key).is_some());
    for Use { template, call } in uses {
        if languages.is_empty() || known(&call.key) {
            continue;
        }
        let all = languages.iter().flat_map(|language| language.messages.iter().map(|(key, _)| key));
        let help =
            did_you_mean(&call.key, all, || format!("add it to the files in {}/messages/", files.folder));
        problems.push(template.problem(
            call.key_place.clone(),
            format!("there is no message {:?}", call.key),
            help,
        ));
    }
}

/// What other languages and programs say and this one does not.
fn check_lacking(
    uses: &[Use<'_>],
    languages: &[Language<'_>],
    language: &Language<'_>,
    problems: &mut Vec<Problem>,
) {
    let mut lacking: BTreeMap<&str, String> = BTreeMap::new();
    for Use { call, .. } in uses {
        let others = languages.iter().filter(|other| other.locale != language.locale);
        let said = others.filter_map(|other| other.messages.get(&call.key)).next();
        if let Some(said) = said {
            let texts = said.forms.texts();
            lacking.insert(&call.key, texts.last().copied().unwrap_or_default().to_owned());
        }
    }
    if language.locale.language() != "en" {
        lacking.extend(texts::all().map(|text| (text.key, text.english.to_owned())));
    }
    for (key, said) in lacking {
        if language.messages.get(key).is_none() {
            let message = format!("the message {key:?} is missing");
            let help = format!("add it; elsewhere it says {said:?}");
            problems.push(Problem::of_file(&language.file.path, message, help));
        }
    }
}

/// A message that nothing uses, or whose placeholders are not the values it is given.
fn check_message(
    uses: &[Use<'_>],
    language: &Language<'_>,
    key: &str,
    message: &Message,
    problems: &mut Vec<Problem>,
) {
    let calls: Vec<&Use<'_>> = uses.iter().filter(|one| one.call.key == key).collect();
    let text = texts::all().find(|text| text.key == key);
    if calls.is_empty() && text.is_none() {
        let help = "remove it, or correct its name";
        let message_text = format!("nothing uses the message {key:?}");
        problems.push(language.file.problem(message.key.clone(), message_text, help));
        return;
    }
    let by_call = |one: &&Use<'_>| {
        let names = one.call.values.iter().map(|(name, _)| name.clone()).collect::<BTreeSet<String>>();
        let place = one.template.problem(one.call.place.clone(), "", "");
        (names, format!("{}:{}:{}", place.file, place.line, place.column))
    };
    let by_program = text.map(|text| (given(text), "the shop itself".to_owned()));
    for (given, giver) in calls.iter().map(by_call).chain(by_program) {
        if let Some(wrong) = mismatch(&message.forms, &given) {
            let values: Vec<String> = given.iter().map(|name| format!("{{{name}}}")).collect();
            let values = if values.is_empty() { "no values".to_owned() } else { values.join(", ") };
            let help = format!("{giver} gives it {values}");
            problems.push(language.file.problem(message.place.clone(), wrong, help));
            return;
        }
    }
}

/// The values that a program gives to a text.
fn given(text: &Text) -> BTreeSet<String> {
    let names = placeholders(text.english).unwrap_or_default().into_iter().map(str::to_owned);
    names.chain(text.counts().then(|| COUNT.to_owned())).collect()
}

/// How placeholders and values differ. Whether the number is shown is up to the form.
fn mismatch(forms: &Forms, given: &BTreeSet<String>) -> Option<String> {
    let counting = matches!(forms, Forms::Counting(_));
    if counting && !given.contains(COUNT) {
        return Some("the message has forms, and it is given no count".to_owned());
    }
    for text in forms.texts() {
        let shown = placeholders(text).unwrap_or_default();
        if let Some(unknown) = shown.iter().find(|name| !given.contains(**name)) {
            return Some(format!("the message shows {{{unknown}}}, which it is not given"));
        }
        let lost = |name: &&String| !shown.contains(&name.as_str()) && !(counting && *name == COUNT);
        if let Some(lost) = given.iter().find(lost) {
            return Some(format!("the message does not show {{{lost}}}"));
        }
    }
    None
}
