using CioOrleans.Client;
using CioOrleans.Client.Imports;
using CioOrleans.Customers;
using CioOrleans.Testing;

namespace CioOrleans.Imports;

public sealed class ImportTests : DispatcherTest
{
    /// <summary>For a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task People_arrive_together_and_the_imports_progress_tells_of_each()
    {
        const int people = 500;
        await using var host = await StartAsync();
        var import = Ulid.NewUlid();

        var results = await ImportAsync(host.Dispatcher, import, Enumerable.Range(0, people).Select(i => Person(i) with { Event = new ImportEvent("imported") }));

        Assert.Equal(Enumerable.Range(1, people).Select(row => new ImportResult.Accepted(row)), results);
        await Sandbox.WaitForProcessedAsync(2 * people);
        var status = await WaitAsync(host, import, s => s.Counts.Delivered == 2 * people);
        Assert.Equal(new ImportCounts(Accepted: people, Refused: 0, Calls: 2 * people, Delivered: 2 * people, DeadLetters: 0), status.Counts);
        Assert.InRange(Sandbox.Report().Arrivals, 2, people);
    }

    [Fact]
    public async Task What_is_wrong_with_a_person_is_said_and_the_others_go_on()
    {
        await using var host = await StartAsync();
        var import = Ulid.NewUlid();

        var results = await ImportAsync(host.Dispatcher, import, [Person(0), new ImportUser(), Person(1)]);

        Assert.Equal(
            [new ImportResult.Accepted(1), new ImportResult.Invalid(2, "Nobody is named. Give an id, an email or a cio_id."), new ImportResult.Accepted(3)], results);
        Assert.Equal((2, 1), (await WaitAsync(host, import, s => s.Counts.Delivered == 2)) is { } status ? (status.Counts.Accepted, status.Counts.Refused) : default);
    }

    [Fact]
    public async Task What_Customer_io_refuses_counts_as_a_dead_letter_until_it_is_replayed()
    {
        Sandbox.Faults = Sandbox.Faults with { FailedItems = 1 };
        await using var host = await StartAsync();
        var import = Ulid.NewUlid();
        await ImportAsync(host.Dispatcher, import, [Person(0), Person(1), Person(2)]);

        Assert.Equal(0, (await WaitAsync(host, import, s => s.Counts.DeadLetters == 3)).Counts.Delivered);

        Sandbox.Faults = Sandbox.Faults with { FailedItems = 0 };
        Assert.IsType<ReplayResult.Replayed>(await host.DeadLetters.Replay((await host.DeadLetters.Read(null, 1)).DeadLetters[0].Call.Id, UnhurriedAccepts.Never));
        var replayed = await WaitAsync(host, import, s => s.Counts.Delivered == 1);
        Assert.Equal(2, replayed.Counts.DeadLetters);
    }

    [Fact]
    public async Task A_restart_forgets_nothing_of_an_import()
    {
        var import = Ulid.NewUlid();
        await using (var host = await StartAsync())
        {
            await host.Workspace.Pause("the test");
            await ImportAsync(host.Dispatcher, import, Enumerable.Range(0, 20).Select(Person), rows: 30);
            await WaitAsync(host, import, s => s.Counts.Accepted == 20);
        }

        await using var restarted = await StartAsync();
        var status = await restarted.Dispatcher.GetImportAsync(import);
        Assert.Equal((20, 20, 30), (status!.Counts.Accepted, status.Waiting, status.Rows));

        await restarted.Workspace.Resume();
        await WaitAsync(restarted, import, s => s.Counts.Delivered == 20);
    }

    [Fact]
    public async Task An_import_that_nobody_has_heard_of_has_no_progress()
    {
        await using var host = await StartAsync();

        Assert.Null(await host.Dispatcher.GetImportAsync(Ulid.NewUlid()));
    }

    private static ImportUser Person(int i) => new() { Id = $"u{i}", Attributes = new { i } };

    private static async Task<List<ImportResult>> ImportAsync(IWorkspaceDispatcher workspace, Ulid import, IEnumerable<ImportUser> people, long? rows = null)
    {
        var results = new List<ImportResult>();
        await foreach (var result in workspace.IdentifyManyAsync(people, new ImportOptions { Id = import, Rows = rows }))
        {
            results.Add(result);
        }

        return results;
    }

    private static Task<ImportStatus> WaitAsync(DispatcherHost host, Ulid import, Func<ImportStatus, bool> isSo) => Wait.ForAnswerAsync(
        "The status of the import that the test waits for", _patience, async () => await host.Dispatcher.GetImportAsync(import) is { } status && isSo(status) ? status : null);
}
