//! Migrations: ordered, fingerprinted, recorded in the database they made.
//!
//! What the recorded migrations make has to be what is there; a difference is drift and is refused. What the model
//! asks for beyond that is planned as further migrations if it only adds or renames: a table, an optional column, an
//! index, a column whose field names its former name as an alias. Anything else needs a decision about the rows that
//! are there, and is refused with all the reasons at once.
//!
//! To compare, the recorded migrations and the model's tables are made for a moment in the temporary schema of the
//! connection, and taken back. All that is pending is applied in one transaction, by one process at a time.

use cohesive_core::model::Structure;
use cohesive_core::value::Datum;
use tokio_postgres::Client;

use super::codec::Parameter;
use super::connection::Connector;
use super::difference::{difference, drift, renames};
use super::error::{commit_failed, failed, misfit};
use super::options::PostgresOptions;
use super::schema::{self, Table};
use super::session::Session;
use super::shape::{self, Place, Shape};
use super::statements::{BEGIN, COMMIT, ROLLBACK};
use crate::store::StoreError;
use crate::store::migration::{Migration, check_recorded};
use crate::store::names::{literal, quoted};

/// Brings the database to what the model asks for.
pub(super) async fn apply(
    connector: &Connector,
    structures: &[&'static Structure],
) -> Result<(), StoreError> {
    if plan(connector, structures).await?.is_empty() {
        return Ok(());
    }
    let session = connector.connect().await?;
    let applied = apply_all(session.client(), structures, connector.options()).await;
    // Where it failed, the block ends with the connection.
    session.close().await;
    applied
}

async fn apply_all(
    client: &Client,
    structures: &[&'static Structure],
    options: &PostgresOptions,
) -> Result<(), StoreError> {
    let schema = quoted(&options.schema);
    let name = literal(&format!("cohesive migrations of {}", options.schema));
    let (lock_timeout, run) = (options.migration_lock_timeout.as_millis(), |sql: String| async move {
        client.batch_execute(&sql).await.map_err(failed)
    });
    run(format!("{BEGIN}; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = {lock_timeout}")).await?;
    // Whoever comes second waits here, and then finds nothing left to do.
    run(format!("SELECT pg_advisory_xact_lock(hashtextextended({name}, 0))")).await?;
    run(format!("CREATE SCHEMA IF NOT EXISTS {schema}")).await?;
    let pending = pending(client, structures, &options.schema).await?;
    for migration in &pending {
        let context = |cause| {
            let cause = failed(cause);
            let message = format!("migration {} `{}`: {}", migration.ordinal, migration.name, cause.message);
            StoreError { message, ..cause }
        };
        client.batch_execute(&migration.sql).await.map_err(context)?;
        record(client, migration, options).await?;
    }
    check_result(client, structures, &options.schema).await?;
    client.batch_execute(COMMIT).await.map_err(commit_failed)
}

async fn record(client: &Client, migration: &Migration, options: &PostgresOptions) -> Result<(), StoreError> {
    let sql = "INSERT INTO cohesive_migration (ordinal, name, fingerprint, sql, applied_at) VALUES ($1, $2, $3, $4, $5)";
    let text = |text: &str| Parameter::One(Datum::Text(text.to_owned().into()));
    let (ordinal, applied_at) = (Datum::Int(migration.ordinal.into()), Datum::Timestamp(options.clock.now()));
    let values = [
        Parameter::One(ordinal),
        text(&migration.name),
        text(&migration.fingerprint),
        text(&migration.sql),
        Parameter::One(applied_at),
    ];
    let [ordinal, name, fingerprint, sql_text, applied_at] = &values;
    client.execute(sql, &[ordinal, name, fingerprint, sql_text, applied_at]).await.map_err(failed)?;
    Ok(())
}

/// What would have to be applied, in order.
pub(super) async fn plan(
    connector: &Connector,
    structures: &[&'static Structure],
) -> Result<Vec<Migration>, StoreError> {
    schema::check(structures)?;
    let session: Session = connector.connect().await?;
    let client = session.client();
    let planned = async {
        client.batch_execute(BEGIN).await.map_err(failed)?;
        let planned = pending(client, structures, &connector.options().schema).await?;
        client.batch_execute(ROLLBACK).await.map_err(failed)?;
        Ok(planned)
    };
    let planned = planned.await;
    session.close().await;
    planned
}

/// What is missing, within a block.
async fn pending(
    client: &Client,
    structures: &[&'static Structure],
    schema: &str,
) -> Result<Vec<Migration>, StoreError> {
    let recorded = recorded(client, schema).await?;
    let made: String = recorded.iter().map(|migration| migration.sql.as_str()).collect();
    let (made, steps, renamed) = made_and_renamed(client, &made, structures).await?;
    if !recorded.is_empty() {
        drift(&made, &shape::read(client, Place::Named(schema)).await?)?;
    }
    let wanted_tables = wanted_tables(structures);
    let wanted = made_by(client, &sql_of(&wanted_tables)).await?;
    let mut planned = Vec::new();
    let mut refusals = Vec::new();
    let engine = schema::engine().len();
    let parts = std::iter::once(&wanted_tables[..engine]).chain(wanted_tables[engine..].chunks(1));
    for tables in parts {
        let name = if tables.len() == 1 { tables[0].name.as_str() } else { "engine" };
        let steps = steps.iter().filter(|(table, _)| tables.iter().any(|wanted| wanted.name == *table));
        let steps: Vec<String> = steps.flat_map(|(_, steps)| steps.clone()).collect();
        planned.extend(difference(name, tables, steps, &renamed, &wanted, &mut refusals));
    }
    if !refusals.is_empty() {
        return Err(misfit(format!("a migration has to be written: {}", refusals.join("; "))));
    }
    let first = recorded.last().map_or(1, |migration| migration.ordinal + 1);
    Ok((first..).zip(planned).map(|(ordinal, (name, sql))| Migration::new(ordinal, name, sql)).collect())
}

fn wanted_tables(structures: &[&'static Structure]) -> Vec<Table> {
    let entities = structures.iter().map(|structure| schema::entity(structure));
    schema::engine().into_iter().chain(entities).collect()
}

fn sql_of(tables: &[Table]) -> String {
    tables.iter().map(Table::sql).collect()
}

/// The migrations that the database says it went through.
async fn recorded(client: &Client, schema: &str) -> Result<Vec<Migration>, StoreError> {
    let table = format!("{}.cohesive_migration", quoted(schema));
    let there = client.query("SELECT to_regclass($1) IS NOT NULL", &[&table]).await.map_err(failed)?;
    if !there.first().is_some_and(|row| row.get(0)) {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT ordinal, name, sql, fingerprint FROM {table} ORDER BY ordinal");
    let rows = client.query(&sql, &[]).await.map_err(failed)?;
    let migrations: Vec<Migration> = rows
        .iter()
        .map(|row| Migration {
            ordinal: row.get::<_, i32>(0).unsigned_abs(),
            name: row.get(1),
            sql: row.get(2),
            fingerprint: row.get(3),
        })
        .collect();
    check_recorded(&migrations).map_err(misfit)?;
    Ok(migrations)
}

const SCRATCH: &str = "SAVEPOINT scratch; SET LOCAL search_path = pg_temp";
const CLEAR: &str = "ROLLBACK TO SAVEPOINT scratch; RELEASE SAVEPOINT scratch";

/// The shape that these statements make.
async fn made_by(client: &Client, sql: &str) -> Result<Shape, StoreError> {
    client.batch_execute(&format!("{SCRATCH}; {sql}")).await.map_err(failed)?;
    let shape = shape::read(client, Place::Temporary).await?;
    client.batch_execute(CLEAR).await.map_err(failed)?;
    Ok(shape)
}

/// The statements that rename columns, by table.
type Steps = Vec<(&'static str, Vec<String>)>;

/// The shape that these statements make, what gives its columns their present names, and the shape after that.
async fn made_and_renamed(
    client: &Client,
    sql: &str,
    structures: &[&'static Structure],
) -> Result<(Shape, Steps, Shape), StoreError> {
    client.batch_execute(&format!("{SCRATCH}; {sql}")).await.map_err(failed)?;
    let made = shape::read(client, Place::Temporary).await?;
    let mut steps = Steps::new();
    for structure in structures {
        if let Some(made) = made.get(structure.table) {
            steps.push((structure.table, renames(structure, made)));
        }
    }
    let statements: Vec<&str> = steps.iter().flat_map(|(_, steps)| steps).map(String::as_str).collect();
    client.batch_execute(&statements.join("; ")).await.map_err(failed)?;
    let renamed = shape::read(client, Place::Temporary).await?;
    client.batch_execute(CLEAR).await.map_err(failed)?;
    Ok((made, steps, renamed))
}

/// Whether the tables are now what the model asks for (R15).
async fn check_result(
    client: &Client,
    structures: &[&'static Structure],
    schema: &str,
) -> Result<(), StoreError> {
    let wanted = made_by(client, &sql_of(&wanted_tables(structures))).await?;
    drift(&wanted, &shape::read(client, Place::Named(schema)).await?)
}
