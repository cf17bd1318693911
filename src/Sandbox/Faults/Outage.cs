using System.Text.Json.Serialization;

namespace CioOrleans.Sandbox.Faults;

/// <summary>How every request fails while Customer.io is down.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outage>))]
public enum Outage
{
    /// <summary>There is no outage.</summary>
    None,

    /// <summary>Every request is answered 500.</summary>
    ServerError,

    /// <summary>No request is answered.</summary>
    TimeOut,

    /// <summary>Every connection is reset.</summary>
    Reset,

    /// <summary>Every connection is closed orderly, without an answer.</summary>
    Close,
}
