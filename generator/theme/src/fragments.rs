//! Parts of pages that are the same on many: header and footer are rendered once for each place in the navigation.

use std::collections::{BTreeSet, HashMap};
use std::sync::{PoisonError, RwLock};

use ipswich_catalog::published::{NavLink, ShopRecord};
use minijinja::{Environment, Error, State, Value, context};

/// Adds the function `fragment`.
pub(crate) fn install(env: &mut Environment<'static>, record: &ShopRecord) {
    let fragments = Fragments::new(record);
    env.add_function("fragment", move |state: &State<'_, '_>, name: String, here: String| {
        fragments.render(state, &name, &here)
    });
}

struct Fragments {
    /// The addresses of all links of the navigation.
    links: BTreeSet<String>,
    /// What was rendered, by template and place.
    rendered: RwLock<HashMap<(String, String), Value>>,
}

impl Fragments {
    fn new(record: &ShopRecord) -> Fragments {
        let mut links = BTreeSet::from(["/".to_owned()]);
        collect(&record.navigation, &mut links);
        collect(&record.pages, &mut links);
        Fragments { links, rendered: RwLock::default() }
    }

    /// A template with the names `site` and `here`. `here` is no more than navigation needs to know: the address of
    /// the page if it is that of a link; `/category/rugs/*` below the link `/category/rugs/`; or empty.
    ///
    /// ```jinja
    /// {{ fragment("partials/header.html", page.meta.canonical or "") }}
    /// ```
    fn render(&self, state: &State<'_, '_>, name: &str, here: &str) -> Result<Value, Error> {
        let key = (name.to_owned(), self.place(here));
        if let Some(known) = self.rendered.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.clone());
        }
        let html = state.get_template(name)?.render(context! { here => key.1.as_str() })?;
        let value = Value::from_safe_string(html);
        self.rendered.write().unwrap_or_else(PoisonError::into_inner).insert(key, value.clone());
        Ok(value)
    }

    fn place(&self, here: &str) -> String {
        if self.links.contains(here) {
            return here.to_owned();
        }
        let above = self.links.iter().rev().find(|link| link.len() > 1 && here.starts_with(link.as_str()));
        above.map(|link| format!("{link}*")).unwrap_or_default()
    }
}

fn collect(links: &[NavLink], into: &mut BTreeSet<String>) {
    for link in links {
        into.insert(link.url.clone());
        collect(&link.children, into);
    }
}
