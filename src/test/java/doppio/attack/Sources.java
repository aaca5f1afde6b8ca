package doppio.attack;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ThrowsTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** What the sources say of a method: how its parameters are called, and what it documents. */
final class Sources {
  /** Of one method. */
  record Said(List<String> parameters, Set<String> exceptions) {}

  private final Map<String, Said> methods = new HashMap<>();

  /** Parses all sources below a folder. */
  static Sources read(Path root) throws IOException {
    Sources sources = new Sources();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null);
        Stream<Path> tree = Files.walk(root)) {
      List<Path> files =
          tree.filter(f -> f.toString().endsWith(".java") && !f.toString().contains("internal"))
              .toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        sources.new Reader(docs, unit.getPackageName() + ".").scan(unit, null);
      }
    }
    return sources;
  }

  /** The names of a method's parameters. */
  List<String> parameters(Executable code) {
    Said said = methods.get(key(code.getDeclaringClass().getName(), code));
    if (said != null && said.parameters().size() == code.getParameterCount()) {
      return said.parameters();
    }
    RecordComponent[] components = code.getDeclaringClass().getRecordComponents();
    return components != null && components.length == code.getParameterCount()
        ? Arrays.stream(components).map(RecordComponent::getName).toList()
        : List.of("name");
  }

  /** The simple names of the exceptions that a method, or one that it overrides, documents. */
  Set<String> exceptions(Class<?> type, Executable code) {
    Set<String> all = new HashSet<>();
    addExceptions(code.getDeclaringClass(), code, all);
    if (code instanceof Method) {
      addExceptions(type, code, all);
    }
    return all;
  }

  private void addExceptions(Class<?> type, Executable code, Set<String> all) {
    if (type == null) {
      return;
    }
    Said said = methods.get(key(type.getName(), code));
    if (said != null) {
      all.addAll(said.exceptions());
    }
    if (code instanceof Method) {
      addExceptions(type.getSuperclass(), code, all);
      Arrays.stream(type.getInterfaces()).forEach(above -> addExceptions(above, code, all));
    }
  }

  private static String key(String type, Executable code) {
    String name = code instanceof Method ? code.getName() : "<init>";
    return type
        + "#"
        + name
        + Arrays.stream(code.getGenericParameterTypes())
            .map(parameter -> simple(parameter.getTypeName()))
            .collect(Collectors.joining(",", "(", ")"));
  }

  /** A type without its arguments, package and outer class. */
  private static String simple(String type) {
    String plain = type.replace("...", "[]");
    while (plain.contains("<")) {
      plain = plain.replaceAll("<[^<>]*>", "");
    }
    return plain.replaceFirst("^.*[.$ ]", "");
  }

  private final class Reader extends TreePathScanner<Void, Void> {
    private final DocTrees docs;
    private String place;

    Reader(DocTrees docs, String place) {
      this.docs = docs;
      this.place = place;
    }

    @Override
    public Void visitClass(ClassTree node, Void unused) {
      String outside = place;
      place += node.getSimpleName() + "$";
      super.visitClass(node, null);
      place = outside;
      return null;
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      String key =
          place.substring(0, place.length() - 1)
              + "#"
              + method.getName()
              + method.getParameters().stream()
                  .map(parameter -> simple(parameter.getType().toString()))
                  .collect(Collectors.joining(",", "(", ")"));
      Set<String> exceptions = new HashSet<>();
      DocCommentTree comment = docs.getDocCommentTree(getCurrentPath());
      if (comment != null) {
        for (DocTree tag : comment.getBlockTags()) {
          if (tag instanceof ThrowsTree thrown) {
            exceptions.add(simple(thrown.getExceptionName().getSignature()));
          }
        }
      }
      methods.put(
          key,
          new Said(
              method.getParameters().stream().map(p -> p.getName().toString()).toList(),
              exceptions));
      return super.visitMethod(method, null);
    }
  }
}
