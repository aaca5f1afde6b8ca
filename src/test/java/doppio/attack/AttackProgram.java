package doppio.attack;

import doppio.attack.Targets.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Attacks a part of the public types in a JVM of little memory, in an empty folder: {@code project
 * seed part parts}.
 */
final class AttackProgram {
  private AttackProgram() {}

  public static void main(String[] args) throws IOException {
    Path project = Path.of(args[0]);
    long seed = Long.parseLong(args[1]);
    List<Target> targets =
        Targets.find().part(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    Workplace workplace =
        new Workplace(
            Path.of("").toAbsolutePath(), project.resolve("src/test/resources/doppio/fuzz"));
    Findings findings = new Findings();
    Watch watch = new Watch();
    Judge judge = new Judge(Sources.read(project.resolve("src/main/java")));
    Attack attack = new Attack(new Values(workplace), judge, findings, watch);
    watch.start();
    for (Target target : targets) {
      attack.on(target, seed);
    }
    long types = targets.stream().map(Target::type).distinct().count();
    System.out.printf(
        "counted: %d %d %d %d %d%n",
        targets.size(), types, attack.calls(), attack.refused(), attack.withoutInstance());
    findings.lines().forEach(line -> System.out.println("finding: " + line));
    System.out.flush();
    // What a training has added for the end of the JVM is not for this one.
    Runtime.getRuntime().halt(0);
  }
}
