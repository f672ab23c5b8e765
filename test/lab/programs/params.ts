/** nginx's stock parameter files. */
export const FASTCGI_PARAMS = 'include /etc/nginx/fastcgi_params;';
export const UWSGI_PARAMS = 'include /etc/nginx/uwsgi_params;';
export const SCGI_PARAMS = 'include /etc/nginx/scgi_params;';
/** At http level: the PHP script that the last segment of the path names. */
export const PHP_SCRIPT_MAP = 'map $uri $php_script { ~/(?<php_name>\\w+)$ /$php_name.php; default /none.php; }';
