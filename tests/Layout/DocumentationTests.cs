using System.Text;
using System.Text.RegularExpressions;

namespace CioOrleans.Layout.Tests;

/// <summary>What a reader of the documentation on a repository host relies on.</summary>
public sealed partial class DocumentationTests
{
    private const int LongestLine = 120;

    private static readonly string _root = Path.GetDirectoryName(LayoutTests.Source)!;

    public static TheoryData<string> Pages =>
    [
        .. Directory.EnumerateFiles(_root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(_root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Readmes("samples"))
            .Concat(Readmes("src"))
            .Select(file => Path.GetRelativePath(_root, file))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_to_a_file_and_to_a_heading_of_it(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(_root, page))!;
        var broken = Link().Matches(Prose(page))
            .Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal))
            .Where(target =>
            {
                var parts = target.Split('#', 2);
                var file = parts[0].Length == 0 ? Path.Combine(_root, page) : Path.GetFullPath(Path.Combine(folder, parts[0]));
                return !(parts.Length == 1 ? Path.Exists(file) : File.Exists(file) && Anchors(file).Contains(parts[1]));
            });

        Assert.Empty(broken);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_line_outside_of_tables_has_at_most_120_characters(string page) => Assert.DoesNotContain(
        File.ReadLines(Path.Combine(_root, page)), line => line.Length > LongestLine && !line.StartsWith('|'));

    [Fact]
    public void The_README_fits_on_one_page()
    {
        var lines = File.ReadAllLines(Path.Combine(_root, "README.md"));

        Assert.InRange(lines.Length, 1, 120);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, LongestLine));
    }

    private static IEnumerable<string> Readmes(string folder) =>
        Directory.EnumerateDirectories(Path.Combine(_root, folder)).Append(Path.Combine(_root, folder)).Select(below => Path.Combine(below, "README.md")).Where(File.Exists);

    /// <summary>The page without its code.</summary>
    private static string Prose(string page) => Code().Replace(File.ReadAllText(Path.Combine(_root, page)), string.Empty);

    /// <summary>The anchors that repository hosts give to headings: lower case, blanks as hyphens, no punctuation.</summary>
    private static HashSet<string> Anchors(string file) =>
    [
        .. Heading().Matches(Fence().Replace(File.ReadAllText(file), string.Empty)).Select(match => new StringBuilder().AppendJoin(
            string.Empty,
            match.Groups[1].Value.Trim().ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_').Select(letter => letter == ' ' ? '-' : letter)).ToString()),
    ];

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*```.*?^\s*```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\s*```.*?^\s*```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();
}
