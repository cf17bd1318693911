using System.Diagnostics;
using CioOrleans.Silo.Observability;

namespace CioOrleans.Operating.Tests;

public sealed class CustomerRedactionTests
{
    [Fact]
    public void A_span_keeps_only_tags_that_name_nobody()
    {
        using var redaction = new CustomerRedaction();
        using var span = new Activity("POST");
        span.SetTag("orleans.rpc.target_id", "customer/acme/id:42").SetTag("url.path", "/api/v1/customers/42").SetTag("url.full", "https://track.customer.io/api/v1/customers/42")
            .SetTag("rpc.method", "Accept").SetTag("http.response.status_code", 200).SetTag("server.port", 443)
            .SetTag("cio.call_id", "01ARZ3NDEKTSV4RRFFQ69G5FAV").SetTag("cio.customer", "id:42");

        redaction.OnEnd(span);

        Assert.Equal(
            [
                KeyValuePair.Create("rpc.method", (object?)"Accept"), KeyValuePair.Create("http.response.status_code", (object?)200), KeyValuePair.Create("server.port", (object?)443),
                KeyValuePair.Create("cio.call_id", (object?)"01ARZ3NDEKTSV4RRFFQ69G5FAV"),
            ],
            span.TagObjects);
    }
}
