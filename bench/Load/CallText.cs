using System.Globalization;

namespace CioOrleans.Bench.Load;

/// <summary>The calls that the scenarios send: identify and purchase in turn, each with its number in the customer's queue as <c>seq</c>.</summary>
internal static class CallText
{
    public static string Customer(int customer) => string.Create(CultureInfo.InvariantCulture, $"c{customer:0000000}");

    public static bool IsIdentify(int seq) => seq % 2 == 1;

    public static string Path(int customer, int seq) => $"/api/v1/customers/{Customer(customer)}{(IsIdentify(seq) ? "" : "/events")}";

    public static string Body(int customer, int seq) => IsIdentify(seq)
        ? $$"""{"email":"{{Customer(customer)}}@example.com","plan":"pro","seq":{{seq}}}"""
        : $$$"""{"name":"purchase","data":{"amount":19.9,"seq":{{{seq}}}}}""";

    public static HttpRequestMessage Request(int customer, int seq, Uri? server = null) => new(
        IsIdentify(seq) ? HttpMethod.Put : HttpMethod.Post,
        server is null ? new Uri(Path(customer, seq), UriKind.Relative) : new Uri(server, Path(customer, seq)))
    {
        Content = new StringContent(Body(customer, seq), System.Text.Encoding.UTF8, "application/json"),
    };
}
