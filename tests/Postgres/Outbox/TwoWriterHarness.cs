namespace CioOrleans.Postgres.Tests.Outbox;

public sealed class TwoWriterHarness : PostgresHarness
{
    protected override int Writers => 2;
}
