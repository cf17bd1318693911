using System.Globalization;
using CioOrleans.Grains.Outbox;

namespace CioOrleans.Outbox.Tests.Contract;

public abstract class ConcurrencyContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    [Fact]
    public async Task Many_parallel_writers_keep_each_customers_order()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(writer => Task.Run(async () =>
        {
            var customer = Customer(writer.ToString(CultureInfo.InvariantCulture));
            List<Task<AppendResult>> appends = [];
            for (var sequence = 1; sequence <= 200; sequence++)
            {
                appends.Add(Outbox.AppendAsync(customer, sequence, TestCalls.Any()).AsTask());
                if (sequence % 7 == 0)
                {
                    await appends[^1];
                }
            }

            Assert.All(await Task.WhenAll(appends), result => Assert.IsType<AppendResult.Appended>(result));
        })));

        for (var writer = 0; writer < 64; writer++)
        {
            await ExpectSequencesAsync(Customer(writer.ToString(CultureInfo.InvariantCulture)), [.. Enumerable.Range(1, 200).Select(i => (long)i)]);
        }

        Assert.Equal(64 * 200, await Outbox.CountWaitingAsync(Workspace));
    }

    [Fact]
    public async Task Reads_beside_writes_miss_nothing_that_is_stored()
    {
        const int calls = 400;
        const int lag = 5;
        var customer = Customer("1");
        var (stored, completing, done) = (0L, 0L, false);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var writer = Task.Run(async () =>
        {
            Queue<RowKey> waiting = [];
            for (var sequence = 1; sequence <= calls; sequence++)
            {
                waiting.Enqueue(await AppendAsync(customer, sequence));
                Volatile.Write(ref stored, sequence);
                if (sequence % 7 == 0)
                {
                    await Outbox.PostponeAsync(waiting.Peek(), 1, TestCalls.Noon, "503");
                }

                if (waiting.Count > lag)
                {
                    started.TrySetResult();
                    Volatile.Write(ref completing, waiting.Peek().Sequence);
                    await CompleteAsync(waiting.Dequeue());
                }
            }

            Volatile.Write(ref done, true);
        });

        await started.Task;
        await Task.WhenAll(Enumerable.Range(0, 3).Select(reader => Task.Run(async () =>
        {
            while (!Volatile.Read(ref done))
            {
                // Reads may end at once: without this they would keep the writer's continuations off the threads.
                await Task.Yield();
                var storedBefore = Volatile.Read(ref stored);
                if (reader == 0)
                {
                    // The queue is never empty.
                    Assert.Equal(customer.Customer, Assert.Single((await Outbox.ReadHeadsAsync(Workspace, null, 10)).Heads).Customer);
                    continue;
                }

                var queue = await ReadAsync(customer);
                var sequences = queue.Rows.Select(row => row.Sequence).ToArray();
                Assert.True(sequences[0] <= Volatile.Read(ref completing) + 1);
                Assert.True(sequences[^1] >= storedBefore);
                Assert.True(queue.LastSequence >= storedBefore);
                Assert.Equal(Enumerable.Range(0, sequences.Length).Select(i => sequences[0] + i), sequences);
            }
        })));
        await writer;
    }
}
