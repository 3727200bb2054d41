//! The one constructor of the template environment.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use ipswich_catalog::published::ShopRecord;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, context, value};
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
        self.0.name()
    }

    /// The line of the mistake, from 1, if known.
    pub fn line(&self) -> Option<usize> {
        self.0.line()
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> String {
        self.0.detail().map_or_else(|| self.0.kind().to_string(), str::to_owned)
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
