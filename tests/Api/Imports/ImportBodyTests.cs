using System.IO.Pipelines;
using CioOrleans.Api.Bodies;
using CioOrleans.Api.Imports;
using CioOrleans.Client.Imports;

namespace CioOrleans.Api.Tests.Imports;

public sealed class ImportBodyTests
{
    [Fact]
    public async Task A_body_that_is_not_read_to_its_end_leaves_no_read_open_on_its_connection()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("{\"id\":\"1\"}\n{\"id\":\"2\"}\n{\"id\":"u8.ToArray(), TestContext.Current.CancellationToken);
        using var lease = new BufferLease(new BufferBudget(1 << 20));
        var body = new ImportBody(pipe.Reader, 1_024, TimeSpan.FromMinutes(1), TimeProvider.System, lease, user => new ImportCalls.Valid(user.Id ?? "none", []));

        await foreach (var calls in body.ReadAsync(TestContext.Current.CancellationToken))
        {
            // The import ends here, for example because a call could not be stored.
            Assert.Equal("1", Assert.IsType<ImportCalls.Valid>(calls).Customer);
            break;
        }

        // Kestrel reads on here. With a read open this throws.
        await pipe.Writer.WriteAsync("\"3\"}"u8.ToArray(), TestContext.Current.CancellationToken);
        var rest = await pipe.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("{\"id\":\"2\"}\n{\"id\":\"3\"}", System.Text.Encoding.ASCII.GetString(System.Buffers.BuffersExtensions.ToArray(rest.Buffer)));
    }
}
