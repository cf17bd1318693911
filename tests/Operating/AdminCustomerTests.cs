using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Limits;
using NSubstitute;

namespace CioOrleans.Operating.Tests;

public sealed class AdminCustomerTests : IAsyncLifetime
{
    private Host _host = null!;

    public async ValueTask InitializeAsync() => _host = await Host.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_customer_shows_what_waits_and_why()
    {
        var noon = new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);
        Given("id:42", new CustomerStatus(
            3, Ulid.Parse("01ARZ3NDEKTSV4RRFFQ69G5FAV"), HeadState.Of(LimitClass.Page, attempts: 2, notBefore: noon.AddMinutes(1)), "500", noon, true));

        Assert.Equal(
            (HttpStatusCode.OK, """
            {"workspace":"acme","customer":"id:42","queued":3,"inFlight":true,"head":{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","limitClass":"page","attempts":2,"notBefore":"2026-08-01T12:01:00+00:00","error":"500","acceptedAt":"2026-08-01T12:00:00+00:00"},"state":"in-flight","waitsFor":[]}
            """),
            await _host.SendAsync("GET", "/admin/workspaces/acme/customers/id:42"));
    }

    [Fact]
    public async Task A_customer_without_calls_has_no_head()
    {
        Given("id:42", new CustomerStatus(0, null, HeadState.Empty, null, null, false));

        Assert.Equal(
            (HttpStatusCode.OK, """{"workspace":"acme","customer":"id:42","queued":0,"inFlight":false,"head":null}"""),
            await _host.SendAsync("GET", "/admin/workspaces/acme/customers/42"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_customer_shows_the_dead_letter_that_holds_it(bool hasCalls)
    {
        var noon = new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);
        var id = Ulid.Parse("01ARZ3NDEKTSV4RRFFQ69G5FAV");
        var head = HeadState.Of(LimitClass.Page, notBefore: noon.AddHours(1)) with { IsHeld = true };
        Given("id:42", new CustomerStatus(hasCalls ? 3 : 0, hasCalls ? id : null, hasCalls ? head : HeadState.Empty, null, hasCalls ? noon : null, false)
        {
            Held = new HeldCall(id, 7, CallKind.AddDevice, "400: no", noon),
        });

        var (status, answer) = await _host.SendAsync("GET", "/admin/workspaces/acme/customers/42");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"held\":{\"id\":\"01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"kind\":\"add-device\",\"reason\":\"400: no\",\"diedAt\":\"2026-08-01T12:00:00+00:00\"}", answer, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"held\"", answer, StringComparison.Ordinal);
        Assert.Equal(hasCalls, answer.Contains("\"waitsFor\":[{\"cause\":\"dead-letter-ahead\",\"text\":\"The dead letter 01ARZ3NDEKTSV4RRFFQ69G5FAV (400: no) holds", StringComparison.Ordinal));
        Assert.Equal(hasCalls, answer.Contains("\"notBefore\":null", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a%20b%2Fc%2Bd%40x.com%25%C3%A9", "email:a b/c+d@x.com%é")]
    [InlineData("a%2Fb", "id:a/b")]
    [InlineData("a%252Fb", "id:a%2Fb")]
    [InlineData("a+b", "id:a+b")]
    [InlineData("cio_0403", "cio:0403")]
    [InlineData("id:me@x.com", "id:me@x.com")]
    [InlineData("email:Me@X.com", "email:me@x.com")]
    [InlineData("anonymous:a%3Ab?x=/y", "anonymous:a:b")]
    [InlineData("42/", "id:42")]
    public async Task A_path_names_an_ordering_key(string segment, string customer)
    {
        Given(customer, new CustomerStatus(0, null, HeadState.Empty, null, null, false));

        var answer = await RawGetAsync($"/admin/workspaces/acme/customers/{segment}");

        Assert.Equal(customer, JsonDocument.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)]).RootElement.GetProperty("customer").GetString());
    }

    /// <summary>Over a socket, because <see cref="HttpClient"/> would rewrite the path.</summary>
    private async Task<string> RawGetAsync(string target)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host.Admin.Host, _host.Admin.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        return answer;
    }

    private void Given(string key, CustomerStatus status)
    {
        var customer = Substitute.For<ICustomerGrain>();
        customer.GetStatus().Returns(ValueTask.FromResult(status));
        _host.Grains.GetGrain<ICustomerGrain>(_host.Keys.Of(new CustomerAddress("acme", key)), Arg.Any<string?>()).Returns(customer);
    }
}
