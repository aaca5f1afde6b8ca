package doppio.soak;

import doppio.internal.ChildJvm;
import doppio.soak.Bits.Child;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** The same bits from every Java that is installed, and under the options of a JVM. */
final class SameBits implements Part {
  /** From so many minutes on all Javas have all options. */
  private static final double LONG = 30;

  private static final List<Integer> NAMED = List.of(17, 21, 25);
  private static final int[] THREADS = {1, 2, 4};

  /** Options that a JVM runs the whole training under, as the page calls them. */
  private static final String[][] OPTIONS = {
    {"`-XX:MaxVectorSize=16`", "-XX:MaxVectorSize=16"},
    {"`-XX:MaxVectorSize=32`", "-XX:MaxVectorSize=32"},
    {"`-XX:MaxVectorSize=64`", "-XX:MaxVectorSize=64"},
    {"`-XX:UseAVX=0`", "-XX:UseAVX=0"},
    {"`-XX:UseAVX=1`", "-XX:UseAVX=1"},
    {"`-XX:UseAVX=2`", "-XX:UseAVX=2"},
    {"`-XX:UseAVX=3`", "-XX:UseAVX=3"},
    {"`-XX:-UseFMA`", "-XX:-UseFMA"},
    {"SerialGC", "-XX:+UseSerialGC"},
    {"G1", "-XX:-UseSerialGC", "-XX:+UseG1GC"},
    {"ZGC", "-XX:-UseSerialGC", "-XX:+UseZGC"},
    {"`-Xmx64m`", "-Xmx64m"},
  };

  @Override
  public String name() {
    return "bits";
  }

  @Override
  public void run(Report report, double minutes) {
    List<Path> installed = ChildJvm.installed();
    TreeSet<Integer> versions = new TreeSet<>(NAMED);
    installed.forEach(home -> versions.add(ChildJvm.version(home)));
    for (int version : versions) {
      report.add(
          name(), "Java " + version + ", 1, 2 and 4 threads", () -> java(installed, version));
    }
    List<Path> homes = minutes < LONG ? List.of(ChildJvm.running()) : installed;
    for (String[] row : OPTIONS) {
      report.add(name(), row[0], () -> Bits.compare(children(homes, row), Bits.WHOLE));
    }
    for (String option : List.of("-Xint", "-XX:TieredStopAtLevel=1")) {
      String[] row = {"`" + option + "`, a short training", option};
      report.add(name(), row[0], () -> Bits.compare(children(homes, row), Bits.SMALL));
    }
  }

  private static Outcome java(List<Path> installed, int version) throws Exception {
    List<Child> children = new ArrayList<>();
    for (Path home : installed) {
      if (ChildJvm.version(home) == version) {
        for (int threads : THREADS) {
          children.addAll(Bits.both(home, threads));
        }
      }
    }
    return children.isEmpty()
        ? Outcome.notRun("not installed")
        : Bits.compare(children, Bits.WHOLE);
  }

  private static List<Child> children(List<Path> homes, String... row) {
    String[] options = Arrays.copyOfRange(row, 1, row.length);
    List<Child> children = new ArrayList<>();
    for (Path home : homes) {
      children.addAll(Bits.both(home, 2, options));
    }
    return children;
  }
}
