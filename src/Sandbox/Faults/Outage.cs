using System.Text.Json.Serialization;

namespace CioOrleans.Sandbox.Faults;

/// <summary>How every request fails while Customer.io is down.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outage>))]
public enum Outage
{
    /// <summary>It is up.</summary>
    None,

    /// <summary>Everything is answered 500.</summary>
    ServerError,

    /// <summary>Nothing is answered.</summary>
    TimeOut,

    /// <summary>Every connection is reset.</summary>
    Reset,

    /// <summary>Every connection is closed in good order, without an answer.</summary>
    Close,
}
