using System.Text;
using CioOrleans.Api.Forwarding;
using CioOrleans.Api.Tests.Http;
using CioOrleans.Api.TrackV2;
using Microsoft.AspNetCore.Http;

namespace CioOrleans.Api.Tests.TrackV2;

public sealed class BatchAllocationTests
{
    private const int Operations = 1_000;

    // A call with its headers, id and strings, its place in the list, and the ordering key; the body comes on top.
    private const int BytesAnOperation = 600;

    [Fact]
    public void A_batch_of_a_thousand_operations_allocates_its_calls_and_little_else()
    {
        var workspace = TestWorkspaces.Named("acme", "site", "key");
        var factory = new OperationCallFactory(new KeptHeaders(), TimeProvider.System);
        var headers = new HeaderDictionary { ["Content-Type"] = "application/json" };
        var body = Encoding.UTF8.GetBytes("{\"batch\":[" + string.Join(',', Enumerable.Range(0, Operations).Select(Operation)) + "]}");

        // Once for what is made only once.
        Assert.Equal(Operations, factory.ReadBatch(workspace, headers, body).Operations.Count);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var request = factory.ReadBatch(workspace, headers, body);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Operations, request.Operations.Count);
        Assert.InRange(allocated, body.Length, body.Length + (Operations * BytesAnOperation));
    }

    private static string Operation(int number) =>
        $$"""{"type":"person","identifiers":{"id":"customer-{{number}}"},"action":"event","name":"purchase","attributes":{"seq":{{number}},"price":19.90,"text":"{{new string('x', 300)}}"} }""";
}
