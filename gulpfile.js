const { dest, src, task } = require('gulp');

// tsc compiles; gulp only brings the icons beside the compiled files. encoding: false keeps bytes as they are.
task('build:icons', () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons')));
