using CioOrleans.Calls;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Outbox.Tests.Contract;

public abstract class ImportContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    private static readonly Ulid _import = Ulid.Parse("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    private static readonly Ulid _other = Ulid.Parse("01ARZ3NDEKTSV4RRFFQ69G5FAW");

    [Fact]
    public async Task What_was_stored_last_of_an_import_survives_reopening()
    {
        Assert.IsType<WriteResult.Written>(await States.WriteImportAsync(Workspace, _import, """{"a":1}""", DateTimeOffset.MinValue));
        Assert.IsType<WriteResult.Written>(await States.WriteImportAsync(Workspace, _other, """{"b":1}""", DateTimeOffset.MinValue));
        Assert.IsType<WriteResult.Written>(await States.WriteImportAsync(Workspace, _import, """{"a":2}""", DateTimeOffset.MinValue));
        await ReopenAsync();

        Assert.Equal("""{"a":2}""", await States.ReadImportAsync(Workspace, _import));
        Assert.Equal("""{"b":1}""", await States.ReadImportAsync(Workspace, _other));
        Assert.Null(await States.ReadImportAsync("other", _import));
    }

    [Fact]
    public async Task Imports_older_than_what_is_kept_are_forgotten_and_never_the_one_that_is_stored()
    {
        var old = Ulid.NewUlid(TestCalls.Noon.AddDays(-40));
        var young = Ulid.NewUlid(TestCalls.Noon.AddDays(-20));
        var running = Ulid.NewUlid(TestCalls.Noon.AddDays(-50));
        await States.WriteImportAsync(Workspace, old, "old", DateTimeOffset.MinValue);
        await States.WriteImportAsync("other", old, "other's", DateTimeOffset.MinValue);
        await States.WriteImportAsync(Workspace, young, "young", DateTimeOffset.MinValue);

        await States.WriteImportAsync(Workspace, running, "running", TestCalls.Noon.AddDays(-30));

        Assert.Equal((null, "young", "running", "other's"), (
            await States.ReadImportAsync(Workspace, old), await States.ReadImportAsync(Workspace, young),
            await States.ReadImportAsync(Workspace, running), await States.ReadImportAsync("other", old)));
    }

    [Fact]
    public async Task An_import_that_was_never_stored_is_not_there() => Assert.Null(await States.ReadImportAsync(Workspace, _import));

    [Fact]
    public async Task The_waiting_calls_of_an_import_are_counted_and_nobody_elses()
    {
        var row = await AppendAsync(Customer("1"), 1, Of(_import));
        await AppendAsync(Customer("1"), 2, Of(_import));
        await AppendAsync(Customer("2"), 1, Of(_import));
        await AppendAsync(Customer("2"), 2, Of(_other));
        await AppendAsync(Customer("3"), 1);
        await AppendAsync(Customer("4", "beta"), 1, Of(_import));

        Assert.Equal(3, await Outbox.CountImportAsync(Workspace, _import));

        await CompleteAsync(row);
        Assert.Equal((2, 1, 0), (
            await Outbox.CountImportAsync(Workspace, _import), await Outbox.CountImportAsync(Workspace, _other), await Outbox.CountImportAsync("unknown", _import)));
    }

    [Fact]
    public async Task A_call_that_waits_is_found_by_its_id_alone()
    {
        var first = await AppendAsync(Customer("Grüße/世界"), 1);
        await AppendAsync(Customer("2"), 1);
        var last = await AppendAsync(Customer("2"), 2);

        Assert.Equal("id:Grüße/世界", await Outbox.FindCustomerAsync(Workspace, first.CallId));
        Assert.Equal("id:2", await Outbox.FindCustomerAsync(Workspace, last.CallId));
        Assert.Null(await Outbox.FindCustomerAsync("beta", first.CallId));
        Assert.Null(await Outbox.FindCustomerAsync(Workspace, _import));

        await CompleteAsync(first);
        Assert.Null(await Outbox.FindCustomerAsync(Workspace, first.CallId));
    }

    [Fact]
    public async Task The_oldest_call_is_the_one_that_has_been_stored_longest_of_those_that_wait()
    {
        Assert.Null(await Outbox.ReadOldestAsync(Workspace));
        await AppendAsync(Customer("0", "beta"), 1, At(TestCalls.Noon.AddHours(-1)));
        var first = await AppendAsync(Customer("1"), 1, At(TestCalls.Noon));
        var second = await AppendAsync(Customer("2"), 1, At(TestCalls.Noon.AddSeconds(1)));
        await AppendAsync(Customer("1"), 2, At(TestCalls.Noon.AddSeconds(2)));

        Assert.Equal(TestCalls.Noon, await Outbox.ReadOldestAsync(Workspace));
        await CompleteAsync(first);
        Assert.Equal(TestCalls.Noon.AddSeconds(1), await Outbox.ReadOldestAsync(Workspace));
        await CompleteAsync(second);
        Assert.Equal(TestCalls.Noon.AddSeconds(2), await Outbox.ReadOldestAsync(Workspace));
    }

    private static Call Of(Ulid import) => TestCalls.Any() with { Priority = CallPriority.Bulk, Notes = new CallNotes { Import = import } };

    private static Call At(DateTimeOffset acceptedAt) => TestCalls.Any() with { AcceptedAt = acceptedAt };
}
