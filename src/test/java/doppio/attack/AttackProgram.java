package doppio.attack;

import doppio.attack.Targets.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Attacks the whole public API in a JVM of little memory, in an empty folder: {@code project seed}.
 */
final class AttackProgram {
  private AttackProgram() {}

  public static void main(String[] args) throws IOException {
    Path project = Path.of(args[0]);
    long seed = Long.parseLong(args[1]);
    Workplace workplace =
        new Workplace(
            Path.of("").toAbsolutePath(), project.resolve("src/test/resources/doppio/fuzz"));
    Targets targets = Targets.find();
    Findings findings = new Findings();
    Watch watch = new Watch();
    Judge judge = new Judge(Sources.read(project.resolve("src/main/java")));
    Attack attack = new Attack(targets, new Values(workplace), judge, findings, watch);
    watch.start();
    for (Target target : targets.all()) {
      attack.on(target, seed);
    }
    List<Class<?>> types = targets.all().stream().<Class<?>>map(Target::type).distinct().toList();
    System.out.printf(
        "report: Attack on the public API: %d methods of %d types, %d calls, %d refused,"
            + " %d not made for want of an object%n",
        targets.all().size(),
        types.size(),
        attack.calls(),
        attack.refused(),
        attack.withoutInstance());
    findings.lines().forEach(line -> System.out.println("finding: " + line));
    System.out.flush();
    // What a training has added for the end of the JVM is not for this one.
    Runtime.getRuntime().halt(0);
  }
}
