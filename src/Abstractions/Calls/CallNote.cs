namespace CioOrleans.Calls;

/// <summary>How a call's <see cref="DuplicateKey"/> is used. The numbers cross the wire: never renumber.</summary>
public enum CallNote : byte
{
    /// <summary>The caller named the call. A call whose key is known is a duplicate.</summary>
    Key = 0,

    /// <summary>The key of the whole request. It is remembered, but an equal request is not a duplicate by itself.</summary>
    Request = 1,

    /// <summary>The key of the whole request, and the caller says that this is a repeat. The call is a duplicate if the key is known.</summary>
    RepeatedRequest = 2,
}
