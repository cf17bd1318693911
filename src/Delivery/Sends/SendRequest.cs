using CioOrleans.Limits;
using Microsoft.Extensions.Primitives;

namespace CioOrleans.Delivery.Sends;

/// <summary>A message or a broadcast as it is sent to Customer.io.</summary>
/// <param name="Target">Path and query as they were sent.</param>
/// <param name="LimitClass">The limit class of the permit that it needs.</param>
/// <param name="Headers">The headers that are sent to Customer.io.</param>
/// <param name="Body">The decoded body.</param>
public sealed record SendRequest(string Target, LimitClass LimitClass, IReadOnlyList<KeyValuePair<string, StringValues>> Headers, byte[] Body);
