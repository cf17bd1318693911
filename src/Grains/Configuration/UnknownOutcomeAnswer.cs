namespace CioOrleans.Configuration;

/// <summary>What a caller is answered whose message may or may not have been sent.</summary>
public enum UnknownOutcomeAnswer
{
    /// <summary>424, which no SDK repeats by itself: a 5xx would make the Node and the Python SDK send the message again.</summary>
    DoNotRepeat,

    /// <summary>Customer.io's own 5xx; 504 for a time-out, 502 for a broken connection.</summary>
    AsReceived,
}
