using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CioOrleans.Layout.Tests;

/// <summary>The projects below src, and what one may know of another (docs/architecture.md).</summary>
public sealed partial class LayoutTests
{
    private const string Prefix = "CioOrleans.";

    internal static string Source { get; } =
        typeof(LayoutTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "SourceFolder").Value!;

    /// <summary>What each project references, directly or through others.</summary>
    private static readonly Dictionary<string, string[]> _allowed = new(StringComparer.Ordinal)
    {
        ["Abstractions"] = [],
        ["Client"] = ["Abstractions"],
        ["Delivery"] = ["Abstractions"],
        ["Grains"] = ["Abstractions", "Delivery"],
        ["Sqlite"] = ["Abstractions", "Delivery", "Grains"],
        ["Postgres"] = ["Abstractions", "Delivery", "Grains"],
        ["Silo"] = ["Abstractions", "Delivery", "Grains", "Postgres", "Sqlite"],
        ["Console"] = ["Abstractions", "Client"],
        ["Api"] = ["Abstractions", "Client", "Console", "Delivery", "Grains", "Postgres", "Sandbox", "Silo", "Sqlite"],
        ["Cli"] = [],
        ["Sandbox"] = [],
    };

    public static TheoryData<string> Projects => [.. _allowed.Keys];

    /// <summary>The projects whose assemblies are beside this one.</summary>
    public static TheoryData<string> Parts => [.. _allowed.Keys.Where(name => name != "Cli")];

    [Fact]
    public void Every_project_has_its_directions() => Assert.Equal(
        _allowed.Keys.Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Source, "*.csproj", SearchOption.AllDirectories).Select(file => Path.GetFileName(Path.GetDirectoryName(file)!)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_the_design_lets_it_know(string project) =>
        Assert.Empty(ReachableFrom(project).Except(_allowed[project]));

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_project_shows_its_internals_to_another(string project) => Assert.All(
        Load(project).Descendants("InternalsVisibleTo").Select(item => item.Attribute("Include")!.Value), name => Assert.EndsWith(".Tests", name, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Parts))]
    public void No_assembly_shows_its_internals_to_another(string project)
    {
        using var file = Open(project, out var assembly);
        var friends = assembly.GetAssemblyDefinition().GetCustomAttributes()
            .Select(assembly.GetCustomAttribute)
            .Where(attribute => NameOf(assembly, attribute) == "InternalsVisibleToAttribute")
            .Select(attribute =>
            {
                var value = assembly.GetBlobReader(attribute.Value);
                value.ReadUInt16();
                return value.ReadSerializedString()!;
            })
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && !name.EndsWith(".Tests", StringComparison.Ordinal));

        Assert.Empty(friends);
    }

    [Fact]
    public void A_namespace_belongs_to_one_assembly()
    {
        var owners = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var project in _allowed.Keys.Where(name => name != "Cli"))
        {
            using var file = Open(project, out var assembly);
            var spaces = assembly.TypeDefinitions.Select(assembly.GetTypeDefinition)
                .Select(type => assembly.GetString(type.Namespace))
                .Where(space => space == "CioOrleans" || space.StartsWith(Prefix, StringComparison.Ordinal))
                .ToHashSet(StringComparer.Ordinal);
            Assert.True(spaces.Count > 0, $"{project} has no namespace of its own.");
            foreach (var space in spaces)
            {
                (owners.TryGetValue(space, out var list) ? list : owners[space] = []).Add(project);
            }
        }

        Assert.Empty(owners.Where(space => space.Value.Count > 1).Select(space => $"{space.Key}: {string.Join(", ", space.Value)}"));
    }

    [Fact]
    public void The_console_uses_only_what_crosses_the_wire_and_the_client()
    {
        using var file = Open("Console", out var assembly);
        var used = assembly.AssemblyReferences.Select(assembly.GetAssemblyReference).Select(reference => assembly.GetString(reference.Name));

        Assert.Equal(["CioOrleans.Abstractions", "CioOrleans.Client"], used.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_front_end_uses_nothing_of_the_grains_insides_and_of_the_storages()
    {
        using var file = Open("Api", out var assembly);
        var used = assembly.AssemblyReferences.Select(assembly.GetAssemblyReference).Select(reference => assembly.GetString(reference.Name)).ToList();

        Assert.Contains("CioOrleans.Client", used);
        Assert.Empty(used.Intersect(["CioOrleans.Grains", "CioOrleans.Sqlite", "CioOrleans.Postgres"]));
    }

    /// <summary>
    /// A test project without its lines in the solution would not run, and nothing would fail. tests/Upgrade builds the landed version in its obj folder.
    /// </summary>
    [Fact]
    public void The_solution_builds_every_project()
    {
        var root = Path.GetDirectoryName(Source)!;
        var solution = File.ReadAllText(Path.Combine(root, "CioOrleans.sln"));
        var built = SolutionProject().Matches(solution)
            .Where(project => solution.Contains($"{project.Groups[2].Value}.Debug|Any CPU.Build.0", StringComparison.Ordinal))
            .Select(project => project.Groups[1].Value.Replace('\\', '/'));
        string[] folders = ["src", "tests", "bench", "samples"];
        var projects = folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal));

        Assert.Equal(projects.Order(StringComparer.Ordinal), built.Order(StringComparer.Ordinal));
    }

    private static HashSet<string> ReachableFrom(string project)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([project]);
        while (open.TryPop(out var next))
        {
            foreach (var reference in Load(next).Descendants("ProjectReference").Select(item => item.Attribute("Include")!.Value))
            {
                var name = Path.GetFileName(Path.GetDirectoryName(reference.Replace('\\', '/'))!);
                if (reached.Add(name))
                {
                    open.Push(name);
                }
            }
        }

        return reached;
    }

    private static XDocument Load(string project) => XDocument.Load(Path.Combine(Source, project, $"{Prefix}{project}.csproj"));

    private static PEReader Open(string project, out MetadataReader assembly)
    {
        var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{Prefix}{project}.dll")));
        assembly = file.GetMetadataReader();
        return file;
    }

    private static string NameOf(MetadataReader assembly, CustomAttribute attribute) =>
        attribute.Constructor.Kind == HandleKind.MemberReference
        && assembly.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } type
            ? assembly.GetString(assembly.GetTypeReference((TypeReferenceHandle)type).Name)
            : string.Empty;

    [GeneratedRegex("^Project\\(.*\\) = \"[^\"]*\", \"([^\"]*\\.csproj)\", \"([^\"]*)\"", RegexOptions.Multiline)]
    private static partial Regex SolutionProject();
}
