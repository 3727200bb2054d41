//! The one constructor of the template environment.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use ipswich_catalog::published::ShopRecord;
use minijinja::syntax::SyntaxConfig;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, context, value,
};
use serde::Serialize;

use crate::filters;
use crate::fragments;
use crate::pages::Card;
use crate::site::{SafeHtml, Site};

/// The template of a single card.
const CARD_TEMPLATE: &str = "card.html";

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
        // Empty, so that there is no `safe` filter: only `SafeHtml` passes unescaped.
        let mut env = Environment::empty();
        env.set_auto_escape_callback(escape_by_name);
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        // Only whitespace settings are changed, so building cannot fail; if it did, pages would merely be longer.
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            env.set_syntax(syntax);
        }
        let templates = Arc::new(templates);
        env.set_loader(move |name| Ok(templates.get(name).cloned()));
        env.set_formatter(write_value);
        filters::install(&mut env, record);
        fragments::install(&mut env, record);
        env.add_global("site", value::Value::from(value::Serde(Site::new(record))));
        Theme { env }
    }

    /// Compiles the named templates and reports the first mistake of each.
    pub fn check<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Vec<ThemeError> {
        names.into_iter().filter_map(|name| self.env.get_template(name).err()).map(ThemeError).collect()
    }

    /// What the template `card.html` makes of a card; none if the theme has no such template.
    pub(crate) fn card(&self, card: &Card) -> Result<Option<SafeHtml>, ThemeError> {
        match self.render(CARD_TEMPLATE, card) {
            Ok(html) => Ok(Some(SafeHtml::vouched(html))),
            Err(error) if error.0.kind() == ErrorKind::TemplateNotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Renders a template with its view to the end of a buffer, which a caller with many pages uses again.
    ///
    /// # Errors
    ///
    /// If the template is missing or wrong. The buffer then ends in a part of the page.
    pub fn render_to<V: Serialize>(
        &self,
        template: &str,
        page: &V,
        buffer: &mut Vec<u8>,
    ) -> Result<(), ThemeError> {
        let template = self.env.get_template(template).map_err(ThemeError)?;
        let view = context! { page => value::Serde(page) };
        template.render_captured_to(view, buffer).map(drop).map_err(ThemeError)
    }

    /// Renders a template with its view.
    pub fn render<V: Serialize>(&self, template: &str, page: &V) -> Result<String, ThemeError> {
        let template = self.env.get_template(template).map_err(ThemeError)?;
        template.render(context! { page => value::Serde(page) }).map_err(ThemeError)
    }
}

fn escape_by_name(template: &str) -> AutoEscape {
    if template.ends_with(".txt") { AutoEscape::None } else { AutoEscape::Html }
}

/// Escapes what HTML needs in text and quoted attributes. The default escapes `/` as well, which makes every address
/// on a page longer and hard to read, and protects nothing there.
fn write_value(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if !value.is_safe() && matches!(state.auto_escape(), AutoEscape::Html) => {
            write_escaped(out, text).map_err(Error::from)
        }
        _ => minijinja::escape_formatter(out, state, value),
    }
}

fn write_escaped(out: &mut Output<'_>, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        let (before, from) = rest.split_at(at);
        out.write_str(before)?;
        let mut characters = from.chars();
        out.write_str(match characters.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('"') => "&quot;",
            _ => "&#39;",
        })?;
        rest = characters.as_str();
    }
    out.write_str(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(source: &str) -> Result<String, Error> {
        let mut env = Environment::empty();
        env.set_auto_escape_callback(escape_by_name);
        env.set_formatter(write_value);
        filters::install_builtins(&mut env);
        env.add_template_owned("page.html", source.to_owned())?;
        let markup = SafeHtml::vouched("<b>bold</b>".to_owned());
        env.get_template("page.html")?
            .render(context! { text => "a/b <i> & \"c\" it's", markup => value::Serde(markup), none => () })
    }

    #[test]
    fn text_is_escaped_and_addresses_stay_readable() {
        assert_eq!(render("{{ text }}").unwrap(), "a/b &lt;i&gt; &amp; &quot;c&quot; it&#39;s");
    }

    #[test]
    fn only_vouched_html_is_not_escaped() {
        assert_eq!(render("{{ markup }}").unwrap(), "<b>bold</b>");
        assert!(render("{{ text|safe }}").is_err());
    }

    #[test]
    fn lists_and_macros_are_escaped_once() {
        assert_eq!(
            render("{{ [1, text]|join('/') }}").unwrap(),
            "1/a/b &lt;i&gt; &amp; &quot;c&quot; it&#39;s"
        );
        assert_eq!(
            render("{% macro m(t) %}<p>{{ t }}</p>{% endmacro %}{{ m('<') }}").unwrap(),
            "<p>&lt;</p>"
        );
    }
}
