//! `wrangler.toml` against the code and against itself.

use std::collections::BTreeSet;

use toml::{Table, Value};

/// Keys of the file that wrangler does not hand down to an environment and that we use.
const BINDINGS: [&str; 2] = ["d1_databases", "send_email"];

fn config() -> Table {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../wrangler.toml");
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

fn environments(config: &Table) -> Vec<(&String, &Table)> {
    config["env"].as_table().unwrap().iter().map(|(name, env)| (name, env.as_table().unwrap())).collect()
}

/// The names under which the Worker finds the bindings of one kind.
fn binding_names(table: &Table, kind: &str) -> BTreeSet<String> {
    let bindings = table.get(kind).and_then(Value::as_array).into_iter().flatten();
    bindings
        .map(|binding| {
            binding.get("binding").or_else(|| binding.get("name")).unwrap().as_str().unwrap().to_owned()
        })
        .collect()
}

#[test]
fn the_worker_runs_first_exactly_where_the_shop_answers() {
    let config = config();
    let listed: Vec<&str> = config["assets"]["run_worker_first"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_str().unwrap())
        .collect();
    assert_eq!(listed, ipswich_shop::routes::patterns());
}

#[test]
fn every_environment_has_every_binding_and_variable() {
    let config = config();
    let names: BTreeSet<&String> = environments(&config).iter().map(|(name, _)| *name).collect();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["production", "staging"]);
    for (name, environment) in environments(&config) {
        for kind in BINDINGS {
            assert_eq!(binding_names(environment, kind), binding_names(&config, kind), "{kind} of {name}");
        }
        let keys =
            |table: &Table| table["vars"].as_table().unwrap().keys().cloned().collect::<BTreeSet<String>>();
        assert_eq!(keys(environment), keys(&config), "vars of {name}");
    }
}

#[test]
fn every_binding_kind_of_the_file_is_compared() {
    let config = config();
    let lists = config
        .iter()
        .filter(|(_, value)| value.as_array().is_some_and(|list| list.iter().all(Value::is_table)));
    let kinds: Vec<&String> = lists.map(|(key, _)| key).collect();
    assert_eq!(kinds, BINDINGS);
}

#[test]
fn environments_share_no_database_and_the_migrations_are_ours() {
    let config = config();
    let mut databases: Vec<&Value> = vec![&config["d1_databases"][0]];
    databases.extend(environments(&config).iter().map(|(_, environment)| &environment["d1_databases"][0]));
    let ids: BTreeSet<&str> = databases.iter().map(|one| one["database_id"].as_str().unwrap()).collect();
    let names: BTreeSet<&str> = databases.iter().map(|one| one["database_name"].as_str().unwrap()).collect();
    assert_eq!((ids.len(), names.len()), (3, 3));
    assert!(databases.iter().all(|one| one["migrations_dir"].as_str() == Some("edge/migrations")));
}

#[test]
fn nothing_goes_around_the_zone() {
    let config = config();
    assert_eq!(config["workers_dev"].as_bool(), Some(false));
    assert_eq!(config["preview_urls"].as_bool(), Some(false));
    for (name, environment) in environments(&config) {
        let address = environment["vars"]["IPSWICH_BASE_URL"].as_str().unwrap();
        assert!(address.starts_with("https://"), "{name}: {address}");
        assert!(!environment.contains_key("workers_dev") && !environment.contains_key("preview_urls"));
    }
}
