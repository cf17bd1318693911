using System.Reflection;
using CioOrleans.Calls;
using Orleans.Serialization.Invocation;

namespace CioOrleans.Wire.Tests;

/// <summary>What src/Abstractions puts on the wire.</summary>
internal static class WireContract
{
    private static readonly Type[] _types = typeof(Call).Assembly.GetTypes();

    /// <summary>The types that are sent; abstract ones are sent as one of those derived from them.</summary>
    public static IReadOnlyList<Type> Types { get; } = [.. _types.Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null)];

    public static IReadOnlyList<Type> GrainInterfaces { get; } = [.. _types.Where(type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type))];

    /// <summary>The requests that Orleans generates, one for each method of a grain, by the aliases of the two.</summary>
    public static IReadOnlyDictionary<string, Type> Requests { get; } = _types
        .Where(type => !type.IsAbstract && typeof(IInvokable).IsAssignableFrom(type))
        .ToDictionary(type =>
        {
            using var request = (IInvokable)Activator.CreateInstance(type)!;
            return $"{AliasOf(request.GetInterfaceType())}/{AliasOf(request.GetMethod())}";
        });

    public static string? AliasOf(MemberInfo member) => string.Join(" and ", member.GetCustomAttributes<AliasAttribute>(inherit: false).Select(alias => alias.Alias)) is { Length: > 0 } alias ? alias : null;

    /// <summary>The members of a type that hold something, be they sent or not.</summary>
    public static IEnumerable<MemberInfo> State(Type type) => type.IsEnum ? [] : type
        .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        .Select(field => field.Name.StartsWith('<') ? (MemberInfo)type.GetProperty(field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)])! : field);
}
