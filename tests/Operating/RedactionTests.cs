using CioOrleans.Addressing;
using CioOrleans.Customers;
using CioOrleans.Silo.Configuration;
using CioOrleans.Silo.Observability;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CioOrleans.Operating.Tests;

public sealed class RedactionTests : IDisposable
{
    private readonly GrainKeys _keys = new();

    public RedactionTests() => _keys.Use(new byte[GrainKeys.SecretBytes]);

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void Whatever_a_customer_is_called_no_part_of_it_stays_in_a_line() =>
        Gen.String[Gen.Char, 1, 20].Sample(name =>
        {
            var address = new CustomerAddress("acme", $"id:secret{name}secret");
            var line = $"Response did not arrive on time for message: Request [S127.0.0.1:1 sys.client/1]->[S127.0.0.1:2 customer/{_keys.Of(address)}] ICustomerGrain.Accept #7.";

            Assert.Equal(
                "Response did not arrive on time for message: Request [S127.0.0.1:1 sys.client/1]->[S127.0.0.1:2 customer/acme/...] ICustomerGrain.Accept #7.",
                RedactedFormatter.Redact(line));
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_log_names_no_customer(bool json)
    {
        using var services = new ServiceCollection().AddLogging(logging => logging.AddDispatcherConsole(new LoggingSettings(json))).BuildServiceProvider();
        var formatter = services.GetServices<ConsoleFormatter>().Single(formatter => formatter.Name == services.GetRequiredService<Microsoft.Extensions.Options.IOptions<ConsoleLoggerOptions>>().Value.FormatterName);
        using var output = new StringWriter();

        formatter.Write(
            new LogEntry<string>(
                LogLevel.Warning, "Orleans.Runtime", new EventId(1), "state", new TimeoutException("to [customer/acme/0123456789abcdef/email:ann@example.com]"), (_, _) => "from customer/acme/0123456789abcdef/email:ann@example.com, to"),
            null,
            output);

        Assert.DoesNotContain("ann", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("from customer/acme/..., to", output.ToString(), StringComparison.Ordinal);
    }
}
