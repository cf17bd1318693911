using CioOrleans.Limits;
using Microsoft.Extensions.Primitives;

namespace CioOrleans.Api.App;

/// <summary>A message or broadcast as it goes on to Customer.io.</summary>
/// <param name="Target">Path and query as sent.</param>
/// <param name="LimitClass">Whose tokens it needs.</param>
/// <param name="Headers">Those that go on.</param>
/// <param name="Body">Decoded.</param>
internal sealed record SendRequest(string Target, LimitClass LimitClass, IReadOnlyList<KeyValuePair<string, StringValues>> Headers, byte[] Body);
