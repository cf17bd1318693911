namespace CioOrleans.Client;

/// <summary>The request targets of Track v1.</summary>
internal static class TrackTarget
{
    public const string AnonymousEvents = "/api/v1/events";
    public const string Merge = "/api/v1/merge_customers";

    public static string Customer(Person person) => string.Concat("/api/v1/customers/", Encode(person.PathValue));

    public static string Events(Person person) => string.Concat(Customer(person), "/events");

    public static string Devices(Person person) => string.Concat(Customer(person), "/devices");

    public static string Device(Person person, string deviceId) => string.Concat(Devices(person), "/", Encode(deviceId));

    public static string Suppress(Person person) => string.Concat(Customer(person), "/suppress");

    public static string Unsuppress(Person person) => string.Concat(Customer(person), "/unsuppress");

    private static string Encode(string segment) => Uri.EscapeDataString(segment);
}
