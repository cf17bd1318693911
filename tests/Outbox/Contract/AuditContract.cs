using CioOrleans.Auditing;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Outbox.Tests.Contract;

public abstract class AuditContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    [Fact]
    public async Task What_operators_did_survives_reopening_and_is_read_page_by_page_the_newest_first()
    {
        var entries = Enumerable.Range(0, 5).Select(minute => Entry(minute)).ToList();
        await StoreFirstAsync(entries[0]);
        foreach (var entry in entries.Skip(1))
        {
            await StoreAsync(entry);
        }

        await ReopenAsync();

        Assert.Equal([entries[4], entries[3]], await Audit.ReadAuditAsync(null, 2));
        Assert.Equal([entries[2], entries[1]], await Audit.ReadAuditAsync(entries[3].Id, 2));
        Assert.Equal([entries[0]], await Audit.ReadAuditAsync(entries[1].Id, 2));
    }

    [Fact]
    public async Task The_answer_is_added_to_the_entry_that_was_there_before()
    {
        var entry = Entry(0);
        await StoreFirstAsync(entry);
        Assert.Null(Assert.Single(await Audit.ReadAuditAsync(null, 10)).Status);

        await StoreAsync(entry with { Status = 204 });

        Assert.Equal([entry with { Status = 204 }], await Audit.ReadAuditAsync(null, 10));
    }

    [Fact]
    public async Task What_is_older_than_asked_for_is_forgotten_with_the_next_entry()
    {
        await StoreFirstAsync(Entry(0));
        await StoreAsync(Entry(1));
        var last = Entry(3);
        await StoreAsync(last, forgetBefore: TestCalls.Noon.AddMinutes(1));

        Assert.Equal(2, (await Audit.ReadAuditAsync(null, 10)).Count);
        await StoreAsync(last, forgetBefore: TestCalls.Noon.AddMinutes(2));
        Assert.Equal([last], await Audit.ReadAuditAsync(null, 10));
    }

    /// <summary>Forgets what other tests have stored: the entries belong to no workspace.</summary>
    private Task StoreFirstAsync(AuditEntry entry) => StoreAsync(entry, DateTimeOffset.MaxValue);

    private static AuditEntry Entry(int minute) =>
        new(Ulid.NewUlid(TestCalls.Noon.AddMinutes(minute)), "ann-ü", "POST /admin/x", "/admin/x?y=\u001b {\"reason\":\"…\"}", null);

    private async Task StoreAsync(AuditEntry entry, DateTimeOffset forgetBefore = default) =>
        Assert.IsType<WriteResult.Written>(await Audit.StoreAuditAsync(entry, forgetBefore));
}
