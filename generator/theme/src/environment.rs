//! The one constructor of the template environment.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use ipswich_catalog::published::ShopRecord;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{
    AutoEscape, Environment, Error, Output, State, UndefinedBehavior, context, escape_formatter, value,
};
use serde::Serialize;

use crate::filters;
use crate::site::Site;

/// The templates of one release, ready to render.
pub struct Theme {
    env: Environment<'static>,
}

/// A template that is missing or wrong. Names the template and the line.
#[derive(Debug)]
pub struct ThemeError(minijinja::Error);

impl ThemeError {
    /// The template with the mistake, if known.
    pub fn template(&self) -> Option<&str> {
        self.innermost().name()
    }

    /// The line of the mistake, from 1, if known.
    pub fn line(&self) -> Option<usize> {
        self.innermost().line()
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> String {
        let error = self.innermost();
        error.detail().map_or_else(|| error.kind().to_string(), str::to_owned)
    }

    /// The error of the template that is included or imported deepest; those around it only say that it failed.
    fn innermost(&self) -> &minijinja::Error {
        let mut error = &self.0;
        while let Some(inner) =
            std::error::Error::source(error).and_then(|source| source.downcast_ref::<minijinja::Error>())
            && inner.name().is_some()
        {
            error = inner;
        }
        error
    }
}

impl fmt::Display for ThemeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ThemeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl Theme {
    /// Takes the templates by name (`home.html`, `partials/card.html`) and what the shop record says about the
    /// site. Templates are compiled when first used; [`Theme::check`] compiles them all.
    ///
    /// Names that are not defined are errors, and everything but `.txt` is escaped as HTML.
    pub fn new(templates: BTreeMap<String, String>, record: &ShopRecord) -> Theme {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        // Only whitespace settings are changed, so building cannot fail; if it did, pages would merely be longer.
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            env.set_syntax(syntax);
        }
        env.set_formatter(format_value);
        let templates = Arc::new(templates);
        env.set_loader(move |name| Ok(templates.get(name).cloned()));
        filters::install(&mut env, record);
        env.add_global("site", value::Value::from(value::Serde(Site::new(record))));
        Theme { env }
    }

    /// Compiles the named templates and reports the first mistake of each.
    pub fn check<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Vec<ThemeError> {
        names.into_iter().filter_map(|name| self.env.get_template(name).err()).map(ThemeError).collect()
    }

    /// Renders a template with its view.
    pub fn render<V: Serialize>(&self, template: &str, page: &V) -> Result<String, ThemeError> {
        let template = self.env.get_template(template).map_err(ThemeError)?;
        template.render(context! { page => value::Serde(page) }).map_err(ThemeError)
    }
}

/// Writes a value into a template. Texts are escaped for HTML content and quoted attributes; the default would
/// also write each `/` as six characters, which is most of an address.
fn format_value(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if matches!(state.auto_escape(), AutoEscape::Html) && !value.is_safe() => {
            write_escaped(out, text).map_err(Error::from)
        }
        _ => escape_formatter(out, state, value),
    }
}

fn write_escaped(out: &mut Output<'_>, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some((at, escaped)) = rest.char_indices().find_map(|(at, c)| Some((at, escape(c)?))) {
        out.write_str(rest.get(..at).unwrap_or_default())?;
        out.write_str(escaped)?;
        rest = rest.get(at.saturating_add(1)..).unwrap_or_default();
    }
    out.write_str(rest)
}

const fn escape(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_could_leave_a_text_or_an_attribute() {
        let mut env = Environment::new();
        env.set_formatter(format_value);
        env.add_template("a.html", "{{ a }}{{ b }}{{ n }}").unwrap();
        let safe = Value::from_safe_string("<b>".to_owned());
        let page = context! { a => "/a?b=<'\"&>é", b => safe, n => 3 };
        let html = env.get_template("a.html").unwrap().render(page).unwrap();
        assert_eq!(html, "/a?b=&lt;&#39;&quot;&amp;&gt;é<b>3");
    }
}
