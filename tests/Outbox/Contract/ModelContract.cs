using System.Globalization;
using CioOrleans.Customers;
using CioOrleans.Grains.Outbox;
using CioOrleans.Limits;
using CsCheck;

namespace CioOrleans.Outbox.Tests.Contract;

/// <summary>Random histories against <see cref="OutboxModel"/>, with restarts among them.</summary>
public abstract class ModelContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    private const int Customers = 5;

    private static readonly byte[] _noBody = [];

    private static readonly Gen<(int Kind, int Customer, int Pick)[]> _histories =
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, Customers - 1], Gen.Int[0, 1_000]).Array[1, 80];

    private int _run;

    [Fact]
    public async Task Random_histories_end_as_the_model_says() =>
        await _histories.SampleAsync(RunAsync, iter: 40, threads: 1);

    private async Task RunAsync((int Kind, int Customer, int Pick)[] history)
    {
        // Every history has a workspace of its own; the store is the same.
        var workspace = "w" + (++_run).ToString(CultureInfo.InvariantCulture);
        var model = new OutboxModel();
        var position = (await Outbox.ReadHeadsAsync(workspace, null, 1)).Position;
        foreach (var (kind, number, pick) in history)
        {
            var customer = Customer(number.ToString(CultureInfo.InvariantCulture), workspace);
            var queue = model.Queue(customer);
            switch (kind)
            {
                case < 45:
                    await AppendAsync(model, customer, queue.Last + 1 + (pick % 3));
                    break;
                case < 50:
                    await AppendAsync(model, customer, queue.Last - (pick % 3));
                    break;
                case < 65 when queue.Rows.Count > 0:
                    var completed = queue.Rows[pick % queue.Rows.Count];
                    queue.Rows.Remove(completed);
                    await CompleteAsync(completed.Key);
                    break;
                case < 68 when queue.Rows.Count > 0:
                    await CompleteAsync(queue.Rows[0].Key with { CallId = TestCalls.Any().Id });
                    break;
                case < 78 when queue.Rows.Count > 0:
                    var postponed = queue.Rows[0] with { Attempts = pick, NotBefore = TestCalls.Noon.AddTicks(pick), LastError = "error " + pick };
                    queue.Rows[0] = postponed;
                    Assert.IsType<WriteResult.Written>(
                        await Outbox.PostponeAsync(postponed.Key, pick, postponed.NotBefore!.Value, postponed.LastError));
                    break;
                case < 86 when queue.Rows.Count > 0:
                    var dead = queue.Rows[0];
                    queue.Rows.RemoveAt(0);
                    model.DeadLetters.Add(dead.Call.Id, dead);
                    if (pick % 2 == 0)
                    {
                        model.Held.Add(dead.Call.Id);
                    }

                    Assert.IsType<WriteResult.Written>(await Outbox.DeadLetterAsync(dead.Key, 3, "422", TestCalls.Noon, holds: pick % 2 == 0));
                    break;
                case < 91 when model.DeadLetters.Count > 0:
                    var replayed = model.DeadLetters.Values.ElementAt(pick % model.DeadLetters.Count);
                    await ReplayAsync(model, replayed, pick);
                    break;
                case < 94 when model.DeadLetters.Count > 0:
                    var discarded = model.DeadLetters.Keys.ElementAt(pick % model.DeadLetters.Count);
                    model.DeadLetters.Remove(discarded);
                    model.Held.Remove(discarded);
                    Assert.True(await DeadLetters.DiscardDeadLetterAsync(workspace, discarded));
                    break;
                case < 96:
                    await ReopenAsync();
                    break;
                case < 99 when model.DeadLetters.Count > 0:
                    var held = model.DeadLetters.Values.ElementAt(pick % model.DeadLetters.Count);
                    var isHeld = model.Held.Contains(held.Call.Id);
                    Assert.Equal(isHeld, await Outbox.ReplayHeldAsync(held.Key) is WriteResult.Written);
                    if (isHeld)
                    {
                        model.Restore(held);
                    }

                    break;
                case < 100 when model.DeadLetters.Count > 0:
                    var released = model.DeadLetters.Values.ElementAt(pick % model.DeadLetters.Count);
                    model.Held.Remove(released.Call.Id);
                    Assert.IsType<WriteResult.Written>(await Outbox.ReleaseHeldAsync(released.Key));
                    break;
            }

            await CheckQueueAsync(model, customer);
        }

        await CheckAllAsync(model, workspace, position, pageSize: 1 + (history.Length % 4));
    }

    private async Task AppendAsync(OutboxModel model, CustomerAddress customer, long sequence)
    {
        var call = TestCalls.Any((LimitClass)(sequence % 8 < 0 ? 0 : sequence % 8));
        var result = await Outbox.AppendAsync(customer, sequence, call);
        Assert.Equal(model.Append(new OutboxRow(customer, sequence, call)), result is AppendResult.Appended);
    }

    private async Task ReplayAsync(OutboxModel model, OutboxRow letter, int pick)
    {
        var sequence = model.Queue(letter.Customer).Last + (pick % 4);
        var result = await Outbox.AppendAsync(letter.Customer, sequence, letter.Call, replaces: letter.Call.Id);
        var appended = model.Append(new OutboxRow(letter.Customer, sequence, letter.Call));
        Assert.Equal(appended, result is AppendResult.Appended);
        if (appended)
        {
            model.DeadLetters.Remove(letter.Call.Id);
            model.Held.Remove(letter.Call.Id);
        }
    }

    private async Task CheckQueueAsync(OutboxModel model, CustomerAddress customer)
    {
        var expected = model.Queue(customer);
        var actual = await ReadAsync(customer);
        Assert.Equal((expected.Last, false), (actual.LastSequence, actual.HasMore));
        Assert.Equal(model.HeldOf(customer) is { } held ? (held.Call.Id, held.Sequence) : null, actual.Held is { } stored ? (stored.Id, stored.Sequence) : ((Ulid, long)?)null);
        Assert.Equal(expected.Rows.Count, await Outbox.CountQueueAsync(customer, 1_000));
        Assert.Equal(expected.Rows.Select(WithoutBody), actual.Rows.Select(WithoutBody));

        var after = expected.Last / 2;
        var part = await ReadAsync(customer, after, maxRows: 2);
        Assert.Equal(expected.Rows.Where(row => row.Sequence > after).Take(2).Select(WithoutBody), part.Rows.Select(WithoutBody));
        Assert.Equal((expected.Last, expected.Rows.Count(row => row.Sequence > after) > 2), (part.LastSequence, part.HasMore));
    }

    private async Task CheckAllAsync(OutboxModel model, string workspace, long position, int pageSize)
    {
        var waiting = model.Queues.Where(queue => queue.Value.Rows.Count > 0).ToDictionary(
            queue => queue.Key.Customer,
            queue => queue.Value.Rows[0] is var head
                ? HeadState.Of(head.Call.LimitClass, head.Call.Priority, head.Attempts, head.NotBefore)
                : default);
        Assert.Equal(waiting.OrderBy(head => head.Key), (await HeadsAsync(pageSize, workspace)).OrderBy(head => head.Key));

        Dictionary<string, HeadState> found = [];
        HashSet<long> seen = [];
        for (long? next = position; next is not null;)
        {
            var page = await Outbox.ReadNewWorkAsync(workspace, next.Value, pageSize, seen);
            foreach (var head in page.Heads)
            {
                found.Add(head.Customer, head.Head);
            }

            next = page.Next;
        }

        Assert.Equal(waiting.OrderBy(head => head.Key), found.OrderBy(head => head.Key));
        Assert.Equal(model.Queues.Values.Sum(queue => queue.Rows.Count), await Outbox.CountWaitingAsync(workspace));
        Assert.Equal(model.DeadLetters.Count, await DeadLetters.CountDeadLettersAsync(workspace));
        Assert.Equal(
            model.DeadLetters.Values.Where(row => model.Held.Contains(row.Call.Id)).Select(row => row.Customer.Customer).Distinct().Order(StringComparer.Ordinal),
            (await DeadLetters.ReadHeldAsync(workspace, null, 1_000)).Customers.Select(customer => customer.Customer).Distinct().Order(StringComparer.Ordinal));
        var letters = await DeadLetters.ReadDeadLettersAsync(workspace, null, 1_000);
        Assert.Equal(model.DeadLetters.Keys, letters.DeadLetters.Select(letter => letter.Call.Id));
    }

    // Arrays are compared by reference; the bodies have a test of their own.
    private static OutboxRow WithoutBody(OutboxRow row) => row with { Call = row.Call with { Body = _noBody } };
}
