using System.Text;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Limits;

namespace CioOrleans.Postgres;

internal static class TestCalls
{
    public static CustomerAddress Customer(string id, string workspace = "acme") => new(workspace, CustomerKey.FromId(id));

    public static Call Make(CallKind kind = CallKind.Event, int bodyBytes = 20, string? otherCustomer = null) => new()
    {
        Id = Ulid.NewUlid(),
        Kind = kind,
        LimitClass = LimitClass.Track,
        Priority = CallPriority.Bulk,
        Method = "POST",
        Target = "/api/v1/customers/1/events?x=%20",
        Headers = "Content-Type: application/json\nUser-Agent: tests",
        Body = Encoding.UTF8.GetBytes(new string('x', bodyBytes)),
        AcceptedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1_234_567),
        OtherCustomer = otherCustomer,
    };
}
