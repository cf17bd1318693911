using CioOrleans.Calls;

namespace CioOrleans.Serialization;

/// <summary>Lets Orleans serialise <see cref="CallHeaders"/>. The list is made anew on arrival, so its structure is checked.</summary>
[RegisterConverter]
public sealed class CallHeadersConverter : IConverter<CallHeaders, CallHeadersSurrogate>
{
    /// <inheritdoc/>
    public CallHeaders ConvertFromSurrogate(in CallHeadersSurrogate surrogate)
    {
        var pairs = surrogate.Pairs;
        var headers = new CallHeader[pairs.Length / 2];
        for (var i = 0; i < headers.Length; i++)
        {
            headers[i] = new CallHeader(pairs[2 * i], pairs[(2 * i) + 1]);
        }

        return CallHeaders.Create(headers);
    }

    /// <inheritdoc/>
    public CallHeadersSurrogate ConvertToSurrogate(in CallHeaders value)
    {
        var pairs = new string[2 * value.Count];
        for (var i = 0; i < value.Count; i++)
        {
            (pairs[2 * i], pairs[(2 * i) + 1]) = value[i];
        }

        return new CallHeadersSurrogate { Pairs = pairs };
    }
}

/// <summary>The wire format of <see cref="CallHeaders"/>: name, value, name, value…</summary>
[GenerateSerializer, Immutable, Alias("cio.CallHeaders")]
public struct CallHeadersSurrogate
{
    /// <summary>An even number of strings.</summary>
    [Id(0)]
    public string[] Pairs { get; set; }
}
