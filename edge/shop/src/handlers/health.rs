//! `/health/` and `/ready/`: JSON in the shape monitoring already knows, but true. No cause leaves the shop; causes
//! are in the log.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::app::required_migrations;
use crate::error::Error;
use crate::ports::Statement;
use crate::request::Visit;

#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
    timestamp: String,
    services: Services,
}

#[derive(Serialize)]
struct Services {
    database: &'static str,
    static_files: &'static str,
    media_files: &'static str,
}

#[derive(Serialize)]
struct Ready {
    status: &'static str,
    checks: Checks,
}

#[derive(Serialize)]
struct Checks {
    database_query: &'static str,
    migrations: &'static str,
}

struct MigrationRow {
    name: String,
}
crate::ports::from_row!(MigrationRow { name;  });

/// `GET /health/`: the database answers, and the release with its records, which name every picture, can be read.
pub(crate) async fn health(visit: Visit) -> Result<Response, Error> {
    let database = visit.batch(vec![Statement::new("select 1 as one", [])]).await.is_ok();
    let (files, media) = match visit.release().await {
        Ok(release) => (true, release.shards() == 0 || release.shard(0).await.is_ok()),
        Err(_) => (false, false),
    };
    let word = |good: bool| if good { "healthy" } else { "unhealthy" };
    let all = database && files && media;
    let body = Health {
        status: word(all),
        version: env!("CARGO_PKG_VERSION"),
        timestamp: iso(visit.now()),
        services: Services { database: word(database), static_files: word(files), media_files: word(media) },
    };
    json(all, &body)
}

/// `GET /ready/`: the tables of orders can be asked, and every migration of this code was applied.
pub(crate) async fn ready(visit: Visit) -> Result<Response, Error> {
    let query = visit.batch(vec![Statement::new("select id from orders limit 1", [])]).await.is_ok();
    let listed = visit.batch(vec![Statement::new("select name from d1_migrations", [])]).await;
    let applied = listed.and_then(|mut answers| answers.all::<MigrationRow>());
    let applied: BTreeSet<String> = applied.unwrap_or_default().into_iter().map(|row| row.name).collect();
    let migrations = required_migrations().iter().all(|name| applied.contains(*name));
    let word = |good: bool| if good { "ready" } else { "not_ready" };
    let all = query && migrations;
    let body = Ready {
        status: word(all),
        checks: Checks { database_query: word(query), migrations: word(migrations) },
    };
    json(all, &body)
}

fn json<T: Serialize>(good: bool, body: &T) -> Result<Response, Error> {
    let body = serde_json::to_string(body).map_err(|error| Error::Broken(error.to_string()))?;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = if good { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// A moment as `2026-11-23T12:00:00Z`, by the days-from-civil method.
fn iso(unix_seconds: i64) -> String {
    let time = unix_seconds.rem_euclid(86_400);
    let (hour, minute, second) =
        (time.div_euclid(3_600), time.rem_euclid(3_600).div_euclid(60), time.rem_euclid(60));
    let (year, month, day) = civil(unix_seconds.div_euclid(86_400));
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day of a day counted from 1970. Years begin in March, so that leap days come last.
#[expect(clippy::arithmetic_side_effects, reason = "days of a clock stay far below what i64 holds")]
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days.clamp(-700_000, 100_000_000) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_moments() {
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(iso(1_795_435_201), "2026-11-23T12:00:01Z");
    }
}
