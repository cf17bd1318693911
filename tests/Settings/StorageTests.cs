using CioOrleans.Silo.Configuration;

namespace CioOrleans.Settings.Tests;

public sealed class StorageTests
{
    [Theory]
    [InlineData(null, MigrationMode.Run)]
    [InlineData("run", MigrationMode.Run)]
    [InlineData("Check", MigrationMode.Check)]
    public void Postgres_is_read(string? migrations, MigrationMode expected) => Assert.Equal(
        new StorageSettings(StorageProvider.Postgres, "Host=db;Database=cio", expected),
        Reading.Valid([
            .. Reading.Acme, ("Storage:Provider", "postgres"), ("Storage:ConnectionString", "Host=db;Database=cio"), ("Storage:Migrations", migrations),
        ]).Storage);

    [Fact]
    public void The_reserve_on_the_disk_is_a_size_and_SQLites_alone()
    {
        Assert.Null(Reading.Valid(Reading.Acme).Storage.DiskReserve);
        Assert.Equal(100L << 20, Reading.Valid([.. Reading.Acme, ("Storage:DiskReserve", "100MB")]).Storage.DiskReserve);
        Assert.Equal(0, Reading.Valid([.. Reading.Acme, ("Storage:DiskReserve", "0")]).Storage.DiskReserve);
        Assert.Equal(
            ["Dispatcher:Storage:DiskReserve = '104857600': expected no such setting with Postgres: its disk is another machine's."],
            Reading.Errors([.. Reading.Acme, ("Storage:Provider", "Postgres"), ("Storage:ConnectionString", "Host=db;Database=cio"), ("Storage:DiskReserve", "100MB")]));
    }

    [Fact]
    public void The_number_of_reading_connections_is_PostgreSQLs_alone()
    {
        (string, string?)[] postgres = [.. Reading.Acme, ("Storage:Provider", "Postgres"), ("Storage:ConnectionString", "Host=db;Database=cio")];
        Assert.Equal(8, Reading.Valid(postgres).Storage.Readers);
        Assert.Equal(2, Reading.Valid([.. postgres, ("Storage:Readers", "2")]).Storage.Readers);
        Assert.Equal(["Dispatcher:Storage:Readers = '0': expected a whole number from 1 to 100."], Reading.Errors([.. postgres, ("Storage:Readers", "0")]));
        Assert.Equal(
            ["Dispatcher:Storage:Readers = '2': expected no such setting with Sqlite: a file needs no connections."],
            Reading.Errors([.. Reading.Acme, ("Storage:Readers", "2")]));
    }

    [Fact]
    public void Postgres_has_no_default_connection_string() => Assert.Equal(
        ["Dispatcher:Storage:ConnectionString is missing: expected a PostgreSQL connection string, such as 'Host=db;Database=cio;Username=cio;Password=…'."],
        Reading.Errors([.. Reading.Acme, ("Storage:Provider", "Postgres"), ("Cluster:Mode", "Silo")]));

    [Theory]
    [InlineData("Data Source=data/cio.db")]
    [InlineData("Database=cio")]
    [InlineData("Host=")]
    [InlineData("Host=db;Port=many")]
    [InlineData("Host=db;Pasword=secret")]
    [InlineData("Host=db;Password=se;cret")]
    [InlineData("postgres://cio:secret@db/cio")]
    public void What_PostgreSQLs_driver_does_not_take_is_refused_and_never_shown(string connectionString) => Assert.Equal(
        ["Dispatcher:Storage:ConnectionString (value not shown): expected a PostgreSQL connection string, such as 'Host=db;Database=cio;Username=cio;Password=…'."],
        Reading.Errors([.. Reading.Acme, ("Storage:Provider", "Postgres"), ("Storage:ConnectionString", connectionString)]));

    [Theory]
    [InlineData("Skip")]
    [InlineData("1")]
    public void Migrations_are_run_or_checked(string migrations) => Assert.Equal(
        [$"Dispatcher:Storage:Migrations = '{migrations}': expected Run or Check."],
        Reading.Errors([.. Reading.Acme, ("Storage:Migrations", migrations)]));

    [Fact]
    public void A_file_is_always_brought_up_to_date() => Assert.Equal(
        ["Dispatcher:Storage:Migrations = 'Check': expected Run with Sqlite, or Dispatcher:Storage:Provider = Postgres."],
        Reading.Errors([.. Reading.Acme, ("Storage:Migrations", "Check")]));
}
